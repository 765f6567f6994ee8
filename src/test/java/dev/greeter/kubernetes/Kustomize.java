package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.Machine;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All that can be applied from {@code k8s/}: each kustomization, and each component on what it can be added to. */
public final class Kustomize {
    private static final Path ROOT = Path.of("k8s").toAbsolutePath();
    private static final Path BASE = ROOT.resolve("base");

    private Kustomize() {}

    /** Each kustomization, each component on what it is for, and each overlay with all of the base's components. */
    static List<Rendered> all() {
        Machine.program("kubectl");
        return All.RENDERED;
    }

    private static List<Rendered> all(Path folder) throws IOException, InterruptedException {
        List<Path> components = folders("Component");
        List<Path> kustomizations = folders("Kustomization");
        List<Path> ofTheBase = components.stream()
                .filter(component -> isFor(component, kustomizations).equals(BASE))
                .toList();
        List<Rendered> all = new ArrayList<>();
        for (Path kustomization : kustomizations) {
            all.add(render(kustomization));
            if (kustomization.startsWith(ROOT.resolve("overlays"))) {
                all.add(render(join(folder, kustomization, ofTheBase)));
            }
        }
        for (Path component : components) {
            all.add(render(join(folder, isFor(component, kustomizations), List.of(component))));
        }
        return all;
    }

    /** The base and each overlay, with all components and with the probe, in a kustomization that has these lines too. */
    static List<Rendered> withProbe(Path folder, String lines) throws IOException, InterruptedException {
        return each(folder, lines, "");
    }

    /** The same, but in a kustomization that takes the one that puts all together. */
    static List<Rendered> withProbeFromOutside(Path folder, String lines) throws IOException, InterruptedException {
        return each(folder, "", lines);
    }

    private static List<Rendered> each(Path folder, String inner, String outer)
            throws IOException, InterruptedException {
        Machine.program("kubectl");
        List<Path> components = folders("Component");
        List<Rendered> all = new ArrayList<>();
        for (Path kustomization : folders("Kustomization")) {
            if (kustomization.startsWith(ROOT.resolve("overlays")) || kustomization.equals(BASE)) {
                Path joined = join(folder, kustomization, components);
                Path text = joined.resolve("kustomization.yaml");
                StringBuilder probe = new StringBuilder("resources:\n");
                for (String resource : List.of("probe", "probe/job")) {
                    probe.append("- ")
                            .append(joined.relativize(ROOT.resolve(resource)))
                            .append('\n');
                }
                Files.writeString(text, Files.readString(text).replaceFirst("resources:\n", probe.toString()) + inner);
                Path outside = Files.createDirectories(folder.resolve("outer-" + joined.getFileName()));
                Files.writeString(
                        outside.resolve("kustomization.yaml"),
                        "resources:\n- ../" + joined.getFileName() + "\n" + outer);
                all.add(render(outer.isEmpty() ? joined : outside));
            }
        }
        return all;
    }

    /** The kustomization in whose folder the component stands; the others are the base's. */
    private static Path isFor(Path component, List<Path> kustomizations) {
        return kustomizations.stream().filter(component::startsWith).findFirst().orElse(BASE);
    }

    /** A kustomization under {@code k8s/}, such as {@code overlays/single}, with these components. */
    public static Rendered render(Path folder, String kustomization, String... components)
            throws IOException, InterruptedException {
        return render(join(
                folder,
                ROOT.resolve(kustomization),
                Stream.of(components)
                        .map(component ->
                                ROOT.resolve("components").resolve(component).normalize())
                        .toList()));
    }

    private static List<Path> folders(String kind) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> folders = files.filter(file -> file.endsWith("kustomization.yaml"))
                    .filter(file -> text(file).contains("\nkind: " + kind + "\n"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
            assertThat(folders).isNotEmpty();
            return folders;
        }
    }

    private static Path join(Path folder, Path kustomization, List<Path> components) throws IOException {
        String name = ROOT.relativize(kustomization)
                + components.stream()
                        .map(component -> "+" + component.getFileName())
                        .reduce("", String::concat);
        Path joined = Files.createDirectories(folder.toRealPath().resolve(name.replace('/', '-')));
        StringBuilder text = new StringBuilder("resources:\n- ").append(joined.relativize(kustomization.toRealPath()));
        text.append("\ncomponents:\n");
        for (Path component : components) {
            text.append("- ").append(joined.relativize(component.toRealPath())).append('\n');
        }
        Files.writeString(joined.resolve("kustomization.yaml"), text);
        return joined;
    }

    private static Rendered render(Path folder) throws IOException, InterruptedException {
        Path problems = Files.createTempFile("kustomize", ".txt");
        try {
            Process kubectl = new ProcessBuilder(Machine.program("kubectl"), "kustomize", folder.toString())
                    .redirectError(problems.toFile())
                    .start();
            String yaml = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            // a deprecated field is a warning
            assertThat(kubectl.waitFor() + Files.readString(problems)).isEqualTo("0");
            return new Rendered(folder.getFileName().toString(), StrictModel.documents(yaml));
        } finally {
            Files.delete(problems);
        }
    }

    /** Rendered once for all tests. */
    private static final class All {
        private static final List<Rendered> RENDERED = rendered();

        private static List<Rendered> rendered() {
            try {
                Path folder = Files.createTempDirectory("kustomize");
                try {
                    return all(folder);
                } finally {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.sorted(Comparator.reverseOrder())
                                .map(Path::toFile)
                                .forEach(File::delete);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

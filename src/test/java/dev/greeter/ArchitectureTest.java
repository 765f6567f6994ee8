package dev.greeter;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The boundaries between packages. */
@AnalyzeClasses(packages = "dev.greeter", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.greeter.";
    private static final Path SOURCES = Path.of("src/main/java/dev/greeter");

    @ArchTest
    static void packagesUseNoOtherPackagesThanTheirPackageInfoSays(JavaClasses classes) {
        Map<String, Set<String>> used = new TreeMap<>();
        for (JavaClass user : classes) {
            user.getDirectDependenciesFromSelf().stream()
                    .map(dependency ->
                            dependency.getTargetClass().getBaseComponentType().getPackageName())
                    .filter(name -> name.startsWith(ROOT) && !name.equals(user.getPackageName()))
                    .forEach(name -> used.computeIfAbsent(user.getPackageName(), first -> new TreeSet<>())
                            .add(name.substring(ROOT.length())));
        }
        // the root puts everything together
        used.remove("dev.greeter");
        assertThat(used)
                .hasSizeGreaterThan(10)
                .allSatisfy((name, packages) -> assertThat(packages)
                        .as(name)
                        .isSubsetOf(permitted(name.substring(ROOT.length()).replace('.', '/'))));
    }

    /** Returns the packages of Greeter that a package-info names behind "May import". */
    private static Set<String> permitted(String folder) {
        try {
            String sentence = Files.readString(SOURCES.resolve(folder).resolve("package-info.java"))
                    .replaceAll("\\s+\\*? ?", " ")
                    .replaceFirst(".*May import", "");
            return Pattern.compile("\\{@code ([a-z.]+)}")
                    .matcher(sentence)
                    .results()
                    .map(name -> name.group(1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.greeter.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_CYCLES_WITHIN =
            slices().matching("dev.greeter.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_WIRE_NEEDS_BUFFERS_ONLY = noClasses()
            .that()
            .resideInAPackage("dev.greeter.protocol")
            .should()
            .dependOnClassesThat(DescribedPredicate.not(
                    resideInAnyPackage("java..", "org.jspecify..", "io.netty.buffer", "dev.greeter.protocol")));

    @ArchTest
    static final ArchRule COUNTING_KNOWS_NO_VERTX = noClasses()
            .that()
            .resideInAPackage("dev.greeter.ledger")
            .and()
            .doNotHaveSimpleName("LedgerVerticle")
            .and()
            .doNotHaveSimpleName("TallyReplicator")
            .and()
            .doNotHaveSimpleName("TallyRound")
            .and()
            .doNotHaveSimpleName("TallyMerge")
            .and()
            .doNotHaveSimpleName("SharedMaps")
            .should()
            .dependOnClassesThat(resideInAPackage("io.vertx.."));

    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_THE_CLUSTER_MANAGER = noClasses()
            .that()
            .resideOutsideOfPackage("dev.greeter.cluster")
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster.."));

    @ArchTest
    static final ArchRule ONLY_TRACING_KNOWS_OPEN_TELEMETRY = noClasses()
            .that()
            .resideOutsideOfPackage("dev.greeter.tracing")
            .should()
            .dependOnClassesThat(resideInAPackage("io.opentelemetry.."));

    @ArchTest
    static final ArchRule THE_ENVIRONMENT_IS_READ_IN_ONE_FILE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.greeter.Main")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    /** Of the service; its clients have no such package. The tracer and the version have no public API. */
    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_THE_INTERNALS_OF_VERTX_AND_NETTY = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.greeter.net", "dev.greeter.client..", "dev.greeter.probe..", "dev.greeter.cli..")
            .and()
            .doNotHaveFullyQualifiedName("dev.greeter.bus.ExchangeSpans")
            .and()
            .doNotHaveFullyQualifiedName("dev.greeter.monitor.Metrics")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.vertx..internal..",
                    "io.vertx..impl..",
                    "io.netty.channel.nio..",
                    "io.netty.channel.socket.nio..",
                    "io.netty.util.internal.."))
            .orShould()
            .callMethod(Channel.class, "unsafe");

    @Test
    void everyPackageSaysWhatItIsForAndWhatItMayImport() throws IOException {
        try (Stream<Path> folders = Files.walk(SOURCES).filter(Files::isDirectory)) {
            List<Path> all = folders.toList();
            assertThat(all)
                    .hasSizeGreaterThan(7)
                    .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                            .content()
                            .contains("@NullMarked")
                            .contains("May import"));
        }
    }

    @Test
    void noFolderHasMoreThanTwentyFilesAndNoFileMoreThanThreeHundredLines() throws IOException {
        for (Path root : List.of(SOURCES, Path.of("src/test/java/dev/greeter"), Path.of("src/bench"))) {
            List<Path> files = sources(root);
            assertThat(files.stream().collect(groupingBy(Path::getParent, counting())))
                    .isNotEmpty()
                    .allSatisfy((folder, count) ->
                            assertThat(count).as(folder.toString()).isLessThanOrEqualTo(20));
            for (Path file : files) {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(300);
            }
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().matches(".*\\.(java|c)"))
                    .toList();
        }
    }
}

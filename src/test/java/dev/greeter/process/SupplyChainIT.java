package dev.greeter.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The jar's bill of materials: complete, of licences that may be shipped, and without a version of a known fault. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SupplyChainIT {
    private static final String SBOM = "META-INF/sbom/greeter.cdx.json";
    private static final String OURS = "dev/greeter/";
    private static final Path ADVISORIES = Path.of("src/test/resources/advisories.txt");

    /** A jar that offers its licences as a choice is fine if one of them is here. JLine's BSD is in truth that of 3 clauses. */
    private static final Set<String> LICENCES =
            Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-4-Clause", "CC0-1.0", "EPL-2.0");

    private static final Pattern PATH_SEPARATOR = Pattern.compile(File.pathSeparator, Pattern.LITERAL);
    private static final Pattern MAVEN = Pattern.compile("META-INF/maven/.+/pom\\.properties");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private List<String> entries;
    private List<JsonObject> components;

    @BeforeAll
    void read() throws IOException {
        try (JarFile jar = new JarFile(GreeterProcess.jar())) {
            entries = jar.stream().map(ZipEntry::getName).toList();
            ZipEntry sbom = jar.getEntry(SBOM);
            assertThat(sbom).as("%s, which Maven makes only online", SBOM).isNotNull();
            String json = new String(jar.getInputStream(sbom).readAllBytes(), UTF_8);
            components = objects(new JsonObject(json).getJsonArray("components"));
        }
    }

    @Test
    void namesWhateverIsInTheJar() throws IOException {
        Map<String, Path> jars = classPath();
        Set<String> known = new TreeSet<>();
        List<String> unused = new ArrayList<>();
        for (JsonObject component : components) {
            String file = component.getString("name") + "-" + component.getString("version") + ".jar";
            assertThat(jars).containsKey(file);
            try (JarFile jar = new JarFile(jars.get(file).toFile())) {
                List<String> files = jar.stream()
                        .map(ZipEntry::getName)
                        .filter(name -> !name.endsWith("/") && !name.startsWith("META-INF/MANIFEST"))
                        .toList();
                known.addAll(files);
                if (files.stream().noneMatch(entries::contains)) {
                    unused.add(file);
                }
            }
        }
        assertThat(entries.stream().filter(name -> name.endsWith(".class") && !name.startsWith(OURS)))
                .hasSizeGreaterThan(10_000)
                .allMatch(known::contains);
        assertThat(unused).as("named, and not in the jar").isEmpty();
    }

    @Test
    void isOfLicencesThatMayBeShipped() {
        assertThat(components)
                .hasSizeGreaterThan(50)
                .allSatisfy(component -> assertThat(licences(component))
                        .as(component.getString("purl"))
                        .containsAnyElementsOf(LICENCES));
    }

    /** As far as somebody wrote it down: nothing here asks a database. */
    @Test
    void hasNoVersionOfAKnownFault() throws IOException {
        Map<String, JsonObject> byName = components.stream()
                .collect(Collectors.toMap(
                        component -> component.getString("group") + ":" + component.getString("name"),
                        Function.identity()));
        List<String> advisories;
        try (Stream<String> lines = Files.lines(ADVISORIES)) {
            advisories = lines.filter(line -> !line.startsWith("#")).toList();
        }
        assertThat(advisories).hasSizeGreaterThan(4).allSatisfy(line -> {
            List<String> fields = BLANKS.splitAsStream(line).toList();
            assertThat(byName).containsKey(fields.get(1));
            Version used = Version.parse(byName.get(fields.get(1)).getString("version"));
            assertThat(used).as(line).isGreaterThanOrEqualTo(Version.parse(fields.get(2)));
        });
    }

    /** Copies of libraries within others, which the bill of materials does not name. */
    @Test
    void hasNoCopyThatIsNotWrittenDown() throws IOException {
        String security = Files.readString(Path.of("src/docs/SECURITY.md"));
        Map<String, Path> jars = classPath();
        Set<String> named = new TreeSet<>();
        components.forEach(component -> named.add(component.getString("name") + " " + component.getString("version")));
        Set<String> copies = new TreeSet<>();
        for (JsonObject component : components) {
            String file = component.getString("name") + "-" + component.getString("version") + ".jar";
            try (JarFile jar = new JarFile(jars.get(file).toFile())) {
                for (ZipEntry entry : jar.stream().toList()) {
                    if (MAVEN.matcher(entry.getName()).matches()) {
                        Properties of = new Properties();
                        of.load(jar.getInputStream(entry));
                        copies.add(of.getProperty("artifactId") + " " + of.getProperty("version"));
                    }
                }
            }
        }
        copies.removeAll(named);
        assertThat(copies).isNotEmpty();
        assertThat(copies).filteredOn(copy -> !security.contains(copy)).isEmpty();
    }

    private static List<String> licences(JsonObject component) {
        return objects(component.getJsonArray("licenses", new JsonArray())).stream()
                .map(choice -> choice.getJsonObject("license", new JsonObject()))
                .map(licence -> licence.getString("id", licence.getString("name", "none")))
                .toList();
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    /** By their names; Surefire hands the class path to its process in a property of its own. */
    private static Map<String, Path> classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return PATH_SEPARATOR
                .splitAsStream(all)
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .collect(Collectors.toMap(
                        path -> path.getFileName().toString(), Function.identity(), (one, same) -> one));
    }
}

package dev.greeter;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each package's second sentence, held. */
@AnalyzeClasses(packages = "dev.greeter", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PROTOCOL = onlyUses("protocol");

    @ArchTest
    static final ArchRule BUS = onlyUses("bus");

    @ArchTest
    static final ArchRule CONFIG = onlyUses("config");

    @ArchTest
    static final ArchRule GREETING = onlyUses("greeting", "protocol", "bus", "config", "faults", "net");

    @ArchTest
    static final ArchRule HTTP = onlyUses("http", "bus", "config", "monitor", "faults", "net");

    @ArchTest
    static final ArchRule HTTP_RESOURCE =
            onlyUses("http.resource", "http", "http.bridge", "bus", "config", "monitor", "faults", "net");

    @ArchTest
    static final ArchRule HTTP_BRIDGE = onlyUses("http.bridge", "http", "bus", "config", "net");

    @ArchTest
    static final ArchRule HTTP_MANAGEMENT =
            onlyUses("http.management", "http", "bus", "config", "faults", "monitor", "net");

    @ArchTest
    static final ArchRule THE_HTTP_SERVER_KNOWS_NO_RESOURCE = noClasses()
            .that()
            .resideInAPackage("dev.greeter.http")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.greeter.http.*"));

    @ArchTest
    static final ArchRule NET = onlyUses("net", "config");

    @ArchTest
    static final ArchRule MONITOR = onlyUses("monitor", "bus");

    @ArchTest
    static final ArchRule FAULTS = onlyUses("faults");

    @ArchTest
    static final ArchRule LEDGER = onlyUses("ledger", "bus", "config");

    @ArchTest
    static final ArchRule CLUSTER = onlyUses("cluster", "config");

    @ArchTest
    static final ArchRule LOGGING = onlyUses("logging", "config");

    @ArchTest
    static final ArchRule TRACING = onlyUses("tracing", "bus", "config");

    @ArchTest
    static final ArchRule CLI = onlyUses("cli", "protocol", "bus", "config", "client", "probe");

    @ArchTest
    static final ArchRule CLI_OPTIONS = onlyUses("cli.options", "config", "client");

    @ArchTest
    static final ArchRule CLI_PROBE = onlyUses("cli.probe", "bus", "config", "client", "probe", "cli.options");

    @ArchTest
    static final ArchRule PROBE = onlyUses("probe", "protocol", "bus", "config", "client");

    @ArchTest
    static final ArchRule PROBE_LOAD = onlyUses("probe.load", "protocol", "bus", "config", "client", "probe.measure");

    @ArchTest
    static final ArchRule PROBE_MEASURE = onlyUses("probe.measure", "bus", "config", "client");

    @ArchTest
    static final ArchRule PROBE_REPORT =
            onlyUses("probe.report", "bus", "client", "probe", "probe.load", "probe.measure");

    @ArchTest
    static final ArchRule CLIENT = onlyUses("client", "protocol", "bus", "config");

    @ArchTest
    static final ArchRule CLIENT_CONNECT = onlyUses("client.connect", "config");

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
                    "io.netty.channel.socket.nio.."))
            .orShould()
            .callMethod(Channel.class, "unsafe");

    @Test
    void everyPackageSaysWhatItIsForAndWhatItMayImport() throws IOException {
        Path root = Path.of("src/main/java/dev/greeter");
        try (Stream<Path> folders = Files.walk(root).filter(Files::isDirectory)) {
            List<Path> all = folders.toList();
            assertThat(all)
                    .hasSizeGreaterThan(7)
                    .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                            .content()
                            .contains("@NullMarked")
                            .contains("May import"));
        }
    }

    /** Of our own packages. */
    private static ArchRule onlyUses(String name, String... others) {
        String[] allowed = Stream.concat(Stream.of(name), Stream.of(others))
                // of a parent, the package alone
                .map(other -> "dev.greeter." + other + (name.startsWith(other + ".") ? "" : ".."))
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> ours = resideInAPackage("dev.greeter..");
        return noClasses()
                .that()
                .resideInAPackage("dev.greeter." + name + "..")
                .should()
                .dependOnClassesThat(ours.and(DescribedPredicate.not(resideInAnyPackage(allowed))));
    }
}

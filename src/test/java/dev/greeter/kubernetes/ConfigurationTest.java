package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configuration that the server's pod starts with, read by the service's own loader, against what stands around it. */
class ConfigurationTest {
    /** A ledger that is slow to acknowledge the last batches, and a cluster that is slow to be left. */
    private static final Duration AFTER_THE_DRAIN = Duration.ofSeconds(15);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    static List<Rendered> servers() {
        return Kustomize.all().stream()
                .filter(rendered -> rendered.server().isPresent())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void declaresThePortsThatItOpens(Rendered rendered) throws Exception {
        Config config = rendered.configuration(folder);
        Map<String, Integer> opened = new HashMap<>(Map.of(
                "greeting", config.greeting().port(),
                "http", config.http().port(),
                "management", config.management().port()));
        if (config.cluster().enabled()) {
            opened.put("cluster", config.cluster().port());
            opened.put("event-bus", config.cluster().eventBusPort());
        }
        Map<String, Integer> declared = new HashMap<>();
        for (ContainerPort port : rendered.container().getPorts()) {
            declared.put(port.getName(), port.getContainerPort());
        }
        assertThat(declared).isEqualTo(opened);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void isNamedAsItsPod(Rendered rendered) throws Exception {
        assertThat(rendered.configuration(folder).node().name()).isEqualTo("greeter-7d9f8c6b5-x2x4z");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void findsItsMembersByTheHeadlessService(Rendered rendered) throws Exception {
        Config.Cluster cluster = rendered.configuration(folder).cluster();
        List<Service> headless = rendered.all(Service.class).stream()
                .filter(service -> service.getMetadata().getName().equals("greeter-members"))
                .toList();
        if (!cluster.enabled()) {
            assertThat(headless).isEmpty();
            assertThat(rendered.server().orElseThrow().getSpec().getReplicas()).isEqualTo(1);
            return;
        }
        assertThat(headless).singleElement().satisfies(service -> {
            assertThat(service.getMetadata().getName()).isEqualTo(cluster.dns());
            assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
            assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
        });
        assertThat(cluster.host()).isEqualTo(rendered.environment().get("GREETER_CLUSTER_HOST"));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void hasTimeToStopInOrder(Rendered rendered) throws Exception {
        Config.Shutdown shutdown = rendered.configuration(folder).shutdown();
        Duration allowed = Duration.ofSeconds(rendered.server()
                .orElseThrow()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getTerminationGracePeriodSeconds());
        assertThat(shutdown.delay()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(allowed)
                .isGreaterThanOrEqualTo(shutdown.delay().plus(shutdown.grace()).plus(AFTER_THE_DRAIN));
        assertThat(rendered.container().getLifecycle()).isNull();
    }

    /** Who asks for readiness, as balancers outside the cluster do, has seen it end before the drain begins. */
    @ParameterizedTest
    @MethodSource("servers")
    void isFoundNotReadyWithinTheDelay(Rendered rendered) throws Exception {
        Probe ready = rendered.container().getReadinessProbe();
        Duration found = Duration.ofSeconds((long) ready.getPeriodSeconds() * ready.getFailureThreshold());
        assertThat(found).isLessThan(rendered.configuration(folder).shutdown().delay());
    }

    /** A start that waits for members is not taken for a dead one, and a dead one is noticed. */
    @ParameterizedTest
    @MethodSource("servers")
    void isGivenTimeToStart(Rendered rendered) {
        Container container = rendered.container();
        Probe started = container.getStartupProbe();
        Probe live = container.getLivenessProbe();
        assertThat(started.getPeriodSeconds() * started.getFailureThreshold()).isBetween(60, 300);
        assertThat(live.getPeriodSeconds() * live.getFailureThreshold()).isBetween(20, 60);
        assertThat(List.of(started, live, container.getReadinessProbe()))
                .extracting(Probe::getTimeoutSeconds)
                .allMatch(timeout -> timeout <= 2);
    }

    /** A variable that is a path leads to a mounted file. */
    @ParameterizedTest
    @MethodSource("servers")
    void readsFilesThatAreMounted(Rendered rendered) {
        List<String> mounts = rendered.container().getVolumeMounts().stream()
                .map(VolumeMount::getMountPath)
                .toList();
        assertThat(rendered.environment().values())
                .filteredOn(value -> value.startsWith("/"))
                .isNotEmpty()
                .allSatisfy(path ->
                        assertThat(mounts).contains(Path.of(path).getParent().toString()));
        assertThat(rendered.container().getVolumeMounts())
                .allSatisfy(mount -> assertThat(mount.getReadOnly()).isTrue());
    }
}

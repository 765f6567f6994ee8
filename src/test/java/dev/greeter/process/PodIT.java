package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.kubernetes.Kustomize;
import dev.greeter.kubernetes.Rendered;
import dev.greeter.testing.GreeterProcess;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a pod of the manifests starts it, asks it and stops it; only its ports are free ones. */
class PodIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void answersItsProbesAndStopsWithinItsGracePeriod() throws Exception {
        Rendered rendered = Kustomize.render(folder, "overlays/single", "monitoring");
        Container container = rendered.container();
        Map<String, String> variables = new LinkedHashMap<>(rendered.environment());
        variables.put("GREETER_CONFIG", rendered.mount(folder).toString());
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar"));
        command.add(GreeterProcess.jar());
        command.addAll(container.getArgs());
        command.addAll(List.of("--port", "0", "--http-port", "0", "--management-port", "0"));
        try (GreeterProcess greeter = GreeterProcess.run(folder, command, variables)) {
            greeter.awaitReady();
            for (Probe probe :
                    List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())) {
                assertThat(status(greeter, probe)).isEqualTo(200);
            }
            assertThat(greeter.get(greeter.managementPort(), metricsPath(rendered))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(greeter.line("ready").getString("node"))
                    .isEqualTo(rendered.environment().get("GREETER_NODE_NAME"));
            greeter.signal("TERM");
            long signalled = System.nanoTime();
            await().until(() -> status(greeter, container.getReadinessProbe()) == 503);
            assertThat(status(greeter, container.getLivenessProbe())).isEqualTo(200);
            assertThat(greeter.exitCode()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - signalled))
                    .isLessThan(Duration.ofSeconds(rendered.server()
                            .orElseThrow()
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getTerminationGracePeriodSeconds()));
        }
    }

    private static String metricsPath(Rendered rendered) {
        return rendered.named(ServiceMonitor.class, "greeter")
                .orElseThrow()
                .getSpec()
                .getEndpoints()
                .get(0)
                .getPath();
    }

    private static int status(GreeterProcess greeter, Probe probe) throws Exception {
        HTTPGetAction get = probe.getHttpGet();
        assertThat(get.getPort().getStrVal()).isEqualTo("management");
        return greeter.get(greeter.managementPort(), get.getPath()).statusCode();
    }
}

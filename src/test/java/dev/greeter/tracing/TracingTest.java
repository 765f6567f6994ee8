package dev.greeter.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When there is tracing, by the variables OTEL_*. */
class TracingTest {
    @ParameterizedTest
    @CsvSource({
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://localhost:4318",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://localhost:4318/v1/traces",
        "OTEL_TRACES_EXPORTER, otlp",
    })
    void isOnWhereAnExporterOrItsEndpointIsNamed(String name, String value) {
        assertThat(new OtelVariables(Map.of(name, value)).askForTracing()).isTrue();
        assertThat(new OtelVariables(Map.of(name, value, "OTEL_SDK_DISABLED", "false")).askForTracing())
                .isTrue();
        assertThat(new OtelVariables(Map.of(name, value, "OTEL_SDK_DISABLED", "TRUE")).askForTracing())
                .isFalse();
        assertThat(of(Map.of(name, " "))).isInstanceOf(Tracing.Off.class);
    }

    @ParameterizedTest
    @CsvSource({"OTEL_SERVICE_NAME, canary", "OTEL_METRICS_EXPORTER, otlp", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, x"})
    void isOffWhereOtherVariablesAreSet(String name, String value) {
        assertThat(of(Map.of(name, value))).isInstanceOf(Tracing.Off.class);
    }

    @Test
    void isOffWhereTheExporterIsNone() {
        assertThat(of(Map.of("OTEL_TRACES_EXPORTER", "none", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")))
                .isInstanceOf(Tracing.Off.class);
    }

    @Test
    void exportsTracesAloneUnlessAskedForMore() {
        assertThat(properties(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1")))
                .contains(
                        Map.entry("otel.traces.exporter", "otlp"),
                        Map.entry("otel.metrics.exporter", "none"),
                        Map.entry("otel.logs.exporter", "none"),
                        Map.entry("otel.exporter.otlp.protocol", "http/protobuf"),
                        Map.entry("otel.exporter.otlp.endpoint", "http://localhost:1"),
                        Map.entry(
                                "otel.resource.attributes",
                                "service.name=greeter,service.instance.id=a%2Cb%3D1,service.version=1"));
        assertThat(properties(Map.of("OTEL_METRICS_EXPORTER", "otlp"))).containsEntry("otel.metrics.exporter", "otlp");
    }

    @Test
    void letsAttributesThatAreGivenWin() {
        assertThat(properties(Map.of("OTEL_RESOURCE_ATTRIBUTES", "service.name=canary")))
                .containsEntry(
                        "otel.resource.attributes",
                        "service.name=greeter,service.instance.id=a%2Cb%3D1,service.version=1,service.name=canary");
    }

    private static Map<String, String> properties(Map<String, String> environment) {
        return new OtelVariables(environment).properties("a,b=1", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTEL_TRACES_EXPORTER               | zipkin | otlp or none",
                "OTEL_EXPORTER_OTLP_PROTOCOL        | grpc   | http/protobuf",
                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL | grpc   | http/protobuf",
            })
    void refusesWhatItCannotDo(String name, String value, String allowed) {
        assertThatThrownBy(() -> of(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:1", name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("environment: " + name + " is \"" + value + "\", allowed: " + allowed);
    }

    @Test
    void tellsInOneLineWhatTheSdkRefuses() {
        assertThatThrownBy(() -> of(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("environment: ")
                .hasMessageContaining("localhost")
                .hasMessageNotContaining("\n");
    }

    @Test
    void tellsNobodyAHeader() {
        assertThatThrownBy(() -> of(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://localhost:1",
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "authorization open-sesame")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("otel.exporter.otlp.headers")
                .hasMessageNotContaining("sesame");
    }

    private static Tracing of(Map<String, String> environment) {
        return Tracing.of(environment, "greeter-0", "1");
    }
}

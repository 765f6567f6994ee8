package dev.greeter.tracing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The variables {@code OTEL_*} of an environment that was passed in; the SDK would read that of the process. An empty
 * variable counts as unset, by the specification.
 */
final class OtelVariables {
    private static final String PREFIX = "OTEL_";
    private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private static final String TRACES_PROTOCOL = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL";
    private static final String HEADERS = "_HEADERS";
    private static final String INSTANCE_ID_PROVIDER =
            "io.opentelemetry.sdk.autoconfigure.ServiceInstanceIdResourceProvider";
    private static final String RESOURCE = "otel.resource.attributes";
    private static final String OTLP = "otlp";
    private static final String NONE = "none";
    private static final String HTTP = "http/protobuf";

    private final Map<String, String> given = new HashMap<>();

    OtelVariables(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isBlank()) {
                given.put(name, value.strip());
            }
        });
    }

    /** Whether the variables name an exporter or an endpoint. */
    boolean askForTracing() {
        return !"true".equalsIgnoreCase(given.get("OTEL_SDK_DISABLED"))
                && !NONE.equals(given.get(EXPORTER))
                && List.of(EXPORTER, ENDPOINT, TRACES_ENDPOINT).stream().anyMatch(given::containsKey);
    }

    /** @throws IllegalArgumentException if they name an exporter or a protocol that this build has not */
    void check() {
        allow(EXPORTER, OTLP + " or " + NONE, OTLP);
        allow(PROTOCOL, HTTP, HTTP);
        allow(TRACES_PROTOCOL, HTTP, HTTP);
    }

    private void allow(String name, String allowed, String value) {
        String text = given.getOrDefault(name, value);
        if (!text.equals(value)) {
            throw new IllegalArgumentException("environment: " + name + " is \"" + text + "\", allowed: " + allowed);
        }
    }

    /** Returns the message with the values of headers hidden, which are credentials as a rule. */
    String masked(String message) {
        String masked = message;
        for (Map.Entry<String, String> variable : given.entrySet()) {
            if (variable.getKey().endsWith(HEADERS)) {
                masked = masked.replace(variable.getValue(), "***");
            }
        }
        return masked;
    }

    /**
     * Returns the properties for the SDK. The defaults are traces only, over HTTP, with the name of the service and of the
     * node.
     */
    Map<String, String> properties(String node, String version) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "otel.traces.exporter", OTLP,
                "otel.metrics.exporter", NONE,
                "otel.logs.exporter", NONE,
                "otel.exporter.otlp.protocol", HTTP,
                // it would make up a service.instance.id, and then warn that there is another one
                "otel.java.disabled.resource.providers", INSTANCE_ID_PROVIDER));
        given.forEach(
                (name, value) -> properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        // the later of two attributes with one name counts
        properties.merge(RESOURCE, resource(node, version), (theirs, ours) -> ours + "," + theirs);
        return properties;
    }

    private static String resource(String node, String version) {
        return "service.name=greeter,service.instance.id=" + encoded(node) + ",service.version=" + encoded(version);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}

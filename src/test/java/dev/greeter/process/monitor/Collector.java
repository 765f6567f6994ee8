package dev.greeter.process.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;

/** A collector that takes spans by OTLP over HTTP, on a free port, and keeps them. */
final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final Queue<ResourceSpans> received = new ConcurrentLinkedQueue<>();
    private final Queue<String> otherPaths = new ConcurrentLinkedQueue<>();

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.createContext("/", exchange -> {
            otherPaths.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
    }

    /** The variables that make a process send its spans here, and soon. */
    Map<String, String> environment() {
        return Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "OTEL_BSP_SCHEDULE_DELAY",
                "100");
    }

    List<Span> spans() {
        return received.stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .map(ScopeSpans::getSpansList)
                .flatMap(List::stream)
                .toList();
    }

    List<Span> named(String name) {
        return spans().stream().filter(span -> span.getName().equals(name)).toList();
    }

    /** The attributes of the process that sent them. */
    Map<String, Object> resource() {
        return attributes(received.element().getResource().getAttributesList());
    }

    /** The other paths that were requested: metrics and logs have their own. */
    Queue<String> otherPaths() {
        return otherPaths;
    }

    static Map<String, Object> attributes(List<KeyValue> list) {
        Map<String, Object> attributes = new TreeMap<>();
        for (KeyValue attribute : list) {
            AnyValue value = attribute.getValue();
            attributes.put(
                    attribute.getKey(), value.hasIntValue() ? (Object) value.getIntValue() : value.getStringValue());
        }
        return attributes;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            boolean gzipped = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"));
            InputStream octets = gzipped ? new GZIPInputStream(body) : body;
            received.addAll(ExportTraceServiceRequest.parseFrom(octets).getResourceSpansList());
        }
        exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

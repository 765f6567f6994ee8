package dev.greeter.probe;

import static io.vertx.core.http.HttpHeaders.ALLOW;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import dev.greeter.probe.measure.LiveCounts;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Serves what a running probe counts: {@code /metrics} for Prometheus; {@code /livez}, which is up while every scenario's event
 * loop answers; and {@code /gate}, which is open while every scenario is answered and lost nothing for a minute, or longer
 * where exchanges are rarer. Any thread may use it.
 */
public final class ProbeServer {
    private static final String METRICS = "/metrics";
    private static final String GATE = "/gate";

    /** Flagger's webhooks ask the gate by POST. */
    private static final Map<String, List<HttpMethod>> PATHS = Map.of(
            METRICS,
            List.of(HttpMethod.GET, HttpMethod.HEAD),
            "/livez",
            List.of(HttpMethod.GET, HttpMethod.HEAD),
            GATE,
            List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST));

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final long LOOP_TIMEOUT_MILLIS = 2_000;
    private static final int IDLE_SECONDS = 60;

    private final Vertx vertx;
    private final Probe probe;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    public ProbeServer(Vertx vertx, Probe probe) {
        this.vertx = vertx;
        this.probe = probe;
    }

    /**
     * Serves until its Vert.x is closed.
     *
     * @param port 0 takes a free one
     * @return the port
     */
    public Future<Integer> listen(String host, int port) {
        return vertx.createHttpServer(
                        new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setHttp2ClearTextEnabled(false))
                .requestHandler(this::handle)
                .listen(port, host)
                .map(listening -> listening.actualPort());
    }

    private void handle(HttpServerRequest request) {
        List<HttpMethod> allowed = PATHS.get(request.path());
        if (allowed == null) {
            end(request, 404, TEXT, Buffer.buffer("There is /metrics, /livez and /gate.\n"));
        } else if (!allowed.contains(request.method())) {
            String names = allowed.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
            request.response().putHeader(ALLOW, names);
            end(request, 405, TEXT, Buffer.buffer("Allowed: " + names + "\n"));
        } else {
            probe.counts()
                    .timeout(LOOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .map(scenarios -> answer(request.path(), scenarios))
                    .otherwise(ProbeServer::unable)
                    .onSuccess(answer -> end(request, answer.status(), answer.type(), answer.body()))
                    .onFailure(unexpected -> {
                        end(request, 500, TEXT, Buffer.buffer("The probe failed\n"));
                        probe.fail(unexpected);
                    });
        }
    }

    private record Answer(int status, String type, Buffer body) {}

    /** Only a scenario that does not return its counts is no fault of this program. */
    private static Answer unable(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return new Answer(503, TEXT, Buffer.buffer("DOWN: an event loop is stuck\n"));
        }
        throw new IllegalStateException(cause);
    }

    private Answer answer(String path, List<LiveCounts> scenarios) {
        return switch (path) {
            case METRICS -> new Answer(200, writer.getContentType(), text(ProbeMetrics.of(scenarios)));
            case GATE -> {
                String shut = scenarios.stream().flatMap(this::shut).collect(Collectors.joining());
                yield new Answer(shut.isEmpty() ? 200 : 503, TEXT, Buffer.buffer(shut.isEmpty() ? "open\n" : shut));
            }
            default -> new Answer(200, TEXT, Buffer.buffer("UP\n"));
        };
    }

    /** Why a scenario shuts the gate, if it does. */
    private Stream<String> shut(LiveCounts counts) {
        String name = counts.scenario().name();
        if (counts.sinceLoss().filter(this::isRecent).isPresent()) {
            return Stream.of(name + " lost exchanges\n");
        }
        return counts.sinceAnswer().filter(this::isRecent).isPresent()
                ? Stream.empty()
                : Stream.of(name + " was not answered\n");
    }

    private boolean isRecent(Duration ago) {
        return ago.compareTo(probe.gateWindow()) < 0;
    }

    private Buffer text(MetricSnapshots metrics) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, metrics, EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException ofMemory) {
            throw new UncheckedIOException(ofMemory);
        }
        return Buffer.buffer(text.toByteArray());
    }

    private static void end(HttpServerRequest request, int status, String type, Buffer body) {
        request.response()
                .setStatusCode(status)
                .putHeader(CONTENT_TYPE, type)
                .putHeader("x-content-type-options", "nosniff")
                .end(body);
    }
}

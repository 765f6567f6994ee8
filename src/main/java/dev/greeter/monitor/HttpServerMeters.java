package dev.greeter.monitor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The requests of one HTTP server and their responses. A request's meters are looked up once for each status. */
final class HttpServerMeters implements HttpServerMetrics<Timer.Sample, LongAdder> {
    private static final String PREFIX = "vertx.http.server.";

    /** One more than the greatest status, which has three digits. */
    private static final int STATUSES = 1_000;

    private final MeterRegistry registry;
    private final Tags local;
    private final DistributionSummary requestOctets;
    private final AtomicReferenceArray<@Nullable Responses> byStatus = new AtomicReferenceArray<>(STATUSES);
    private final LongAdder webSockets = new LongAdder();

    /** The meters of one status. */
    private record Responses(Counter requests, Timer time, DistributionSummary octets) {}

    HttpServerMeters(MeterRegistry registry, Tags local) {
        this.registry = registry;
        this.local = local;
        requestOctets = DistributionSummary.builder(PREFIX + "request.bytes")
                .description("Size of requests in bytes")
                .tags(local)
                .register(registry);
        Gauge.builder(PREFIX + "active.ws.connections", webSockets, LongAdder::doubleValue)
                .description("Number of websockets currently opened")
                .tags(local)
                .register(registry);
    }

    @Override
    public Timer.Sample requestBegin(SocketAddress remote, HttpRequest request) {
        return Timer.start(registry);
    }

    @Override
    public void requestEnd(Timer.Sample begun, HttpRequest request, long octets) {
        requestOctets.record((double) octets);
    }

    @Override
    public void responseEnd(Timer.Sample begun, HttpResponse response, long octets) {
        Responses meters = responses(response.statusCode());
        meters.requests().increment();
        begun.stop(meters.time());
        meters.octets().record((double) octets);
    }

    private Responses responses(int status) {
        Responses known = byStatus.get(status);
        if (known == null) {
            // another thread that does the same gets the same meters
            known = register(local.and("code", Integer.toString(status)));
            byStatus.set(status, known);
        }
        return known;
    }

    private Responses register(Tags tags) {
        return new Responses(
                Counter.builder(PREFIX + "requests")
                        .description("Number of processed requests")
                        .tags(tags)
                        .register(registry),
                Timer.builder(PREFIX + "response.time")
                        .description("Request processing time")
                        .tags(tags)
                        .register(registry),
                DistributionSummary.builder(PREFIX + "response.bytes")
                        .description("Size of responses in bytes")
                        .tags(tags)
                        .register(registry));
    }

    @Override
    public LongAdder connected(HttpRequest upgraded) {
        webSockets.increment();
        return webSockets;
    }

    @Override
    public void disconnected(LongAdder connected) {
        connected.decrement();
    }
}

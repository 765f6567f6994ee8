package dev.greeter.monitor;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.Node;
import dev.greeter.net.tls.Certificates;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * All metrics of a node, put together at each scrape: the ledger's numbers, which are asked for and not counted a second
 * time, and those of Vert.x, of the event loops and of the JVM.
 */
public final class Metrics {
    private final Vertx vertx;
    private final Node node;
    private final LedgerClient ledger;
    private final ServerMetrics servers;
    private final EventLoops loops;
    private final List<Collector> read;

    /** Made and filled at the first scrape: its classes are no part of the start. */
    private static final class Jvm {
        private static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

        static {
            JvmMetrics.builder().register(REGISTRY);
        }
    }

    /**
     * @param certificates of the ports that have TLS
     * @param activeRequests of each HTTP server, by its name; any thread may ask
     */
    public Metrics(
            Vertx vertx,
            Node node,
            LedgerClient ledger,
            ServerMetrics servers,
            EventLoops loops,
            Readiness readiness,
            Certificates certificates,
            Map<String, LongSupplier> activeRequests) {
        this.vertx = vertx;
        this.node = node;
        this.ledger = ledger;
        this.servers = servers;
        this.loops = loops;
        read = List.of(
                gauge("greeter_ready", "Whether requests may be sent here.", readiness, Readiness.State.READY),
                gauge("greeter_draining", "Whether the node is on its way out.", readiness, Readiness.State.DRAINING),
                GaugeWithCallback.builder()
                        .name("greeter_http_active_requests")
                        .help("Requests that are read and not answered.")
                        .labelNames("server")
                        .callback(gauge -> activeRequests.forEach(
                                (server, requests) -> gauge.call((double) requests.getAsLong(), server)))
                        .build(),
                GaugeWithCallback.builder()
                        .name("greeter_tls_certificate_expiry_seconds")
                        .help("When the certificate that clients are shown expires, in seconds since 1970.")
                        .labelNames("port")
                        .callback(gauge -> certificates
                                .ports()
                                .forEach(tls -> gauge.call((double) tls.expiry().getEpochSecond(), tls.port())))
                        .build(),
                CounterWithCallback.builder()
                        .name("greeter_tls_handshakes_failed")
                        .help("Connections that ended within their TLS handshake.")
                        .labelNames("port")
                        .callback(counter -> certificates
                                .ports()
                                .forEach(tls -> counter.call((double) tls.failedHandshakes(), tls.port())))
                        .build());
    }

    /**
     * To be called from the event loop that {@linkplain EventLoops#watchFrom asks the others}; a worker reads and writes.
     *
     * @return all metrics, without the ledger's if it does not answer within about two seconds
     */
    public Future<Buffer> scrape(MetricsFormat format) {
        return ledger.ask(Addresses.SNAPSHOT, null)
                .map(body -> Optional.of((LedgerSnapshot) body))
                .recover(failure -> LedgerClient.isAway(failure)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure))
                .compose(counted -> {
                    List<MetricSnapshot> all = new ArrayList<>(loops.collect());
                    return vertx.executeBlocking(() -> {
                        counted.map(LedgerMetrics::of).ifPresent(all::addAll);
                        all.add(LedgerMetrics.gauge(
                                "greeter_ledger_up",
                                "Whether the ledger answered this scrape.",
                                counted.isPresent() ? 1 : 0));
                        read.forEach(metric -> all.add(metric.collect()));
                        all.add(build());
                        all.add(node());
                        servers.collect().forEach(all::add);
                        Jvm.REGISTRY.scrape().forEach(all::add);
                        return write(format, new MetricSnapshots(all));
                    });
                });
    }

    private static Buffer write(MetricsFormat format, MetricSnapshots metrics) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        format.writer().write(text, metrics);
        return Buffer.buffer(text.toByteArray());
    }

    private InfoSnapshot build() {
        return info(
                "greeter_build",
                "What runs.",
                Labels.of(
                        "version", node.version(),
                        "java", Runtime.version().toString(),
                        "vertx", VertxInternal.version()));
    }

    private InfoSnapshot node() {
        return info("greeter_node", "Where it runs.", Labels.of("node", node.name(), "host", node.host()));
    }

    private static InfoSnapshot info(String name, String help, Labels labels) {
        return InfoSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build())
                .build();
    }

    private static GaugeWithCallback gauge(String name, String help, Readiness readiness, Readiness.State state) {
        return GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(readiness.state() == state ? 1 : 0))
                .build();
    }
}

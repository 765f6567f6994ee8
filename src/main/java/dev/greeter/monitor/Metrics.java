package dev.greeter.monitor;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.Node;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
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
import java.util.Optional;

/**
 * All that a node tells Prometheus, put together at each scrape: the ledger's numbers, which are asked for and not counted
 * a second time, those of Vert.x, of the event loops and of the JVM.
 */
public final class Metrics {
    private static final Gauge LEDGER_AWAY = ledgerUp(0);
    private static final Gauge LEDGER_UP = ledgerUp(1);

    private final Vertx vertx;
    private final Node node;
    private final LedgerClient ledger;
    private final ServerMetrics servers;
    private final EventLoops loops;
    private final List<Gauge> gauges;

    /** Made and filled at the first scrape: its classes are no part of the start. */
    private static final class Jvm {
        private static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

        static {
            JvmMetrics.builder().register(REGISTRY);
        }
    }

    /** @param gauges what else the node tells of itself */
    public Metrics(
            Vertx vertx, Node node, LedgerClient ledger, ServerMetrics servers, EventLoops loops, List<Gauge> gauges) {
        this.vertx = vertx;
        this.node = node;
        this.ledger = ledger;
        this.servers = servers;
        this.loops = loops;
        this.gauges = List.copyOf(gauges);
    }

    /**
     * Called from the event loop that {@linkplain EventLoops#watchFrom asks the others}; reading and writing is a worker's.
     *
     * @return all metrics, but for the ledger's if it does not answer; never waits for it longer than a second or so
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
                        all.add((counted.isPresent() ? LEDGER_UP : LEDGER_AWAY).snapshot());
                        gauges.forEach(gauge -> all.add(gauge.snapshot()));
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

    private static Gauge ledgerUp(int up) {
        return new Gauge("greeter_ledger_up", "Whether the ledger answered this scrape.", () -> up);
    }
}

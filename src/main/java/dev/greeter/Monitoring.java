package dev.greeter;

import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.Node;
import dev.greeter.cluster.Cluster;
import dev.greeter.http.HttpBinding;
import dev.greeter.monitor.EventLoops;
import dev.greeter.monitor.Gauge;
import dev.greeter.monitor.Health;
import dev.greeter.monitor.HealthCheck;
import dev.greeter.monitor.LedgerCheck;
import dev.greeter.monitor.Metrics;
import dev.greeter.monitor.Readiness;
import dev.greeter.monitor.ServerMetrics;
import io.prometheus.metrics.model.snapshots.Labels;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the management server tells of a node: which checks make it live and ready, and what is in its metrics. */
final class Monitoring {
    private final Node node;
    private final Readiness readiness;
    private final EventLoops loops;
    private final ServerMetrics servers;
    private final @Nullable Cluster cluster;

    private volatile boolean joined;

    /** @param cluster null for a node of its own */
    Monitoring(Node node, Readiness readiness, EventLoops loops, ServerMetrics servers, @Nullable Cluster cluster) {
        this.node = node;
        this.readiness = readiness;
        this.loops = loops;
        this.servers = servers;
        this.cluster = cluster;
    }

    /** The ledger is up, which starts by sharing its tally and reading those of the others. */
    void joined() {
        joined = true;
    }

    Health health(Vertx created) {
        List<HealthCheck> live = new ArrayList<>(List.of(loops.check()));
        List<HealthCheck> ready =
                new ArrayList<>(List.of(readiness.readyCheck(), LedgerCheck.of(new LedgerClient(created.eventBus()))));
        if (cluster != null) {
            live.add(new HealthCheck("cluster", () -> isMember(cluster)));
            ready.add(new HealthCheck("cluster", this::hasJoined));
        }
        return new Health(live, ready, List.of(readiness.startedCheck()));
    }

    private static Future<Status> isMember(Cluster cluster) {
        return Future.succeededFuture(
                cluster.isMember()
                        ? Status.OK()
                        : Status.KO(
                                new JsonObject().put("cause", "it is out of the cluster until it is started again")));
    }

    /** Once is enough: a node that is alone because the others are gone goes on answering. */
    private Future<Status> hasJoined() {
        return Future.succeededFuture(
                joined ? Status.OK() : Status.KO(new JsonObject().put("cause", "the other nodes are not known yet")));
    }

    /** @param listeners each by its server's name */
    Metrics metrics(Vertx created, Map<String, HttpBinding> listeners) {
        return new Metrics(
                created,
                node,
                new LedgerClient(created.eventBus()),
                servers,
                loops,
                List.of(
                        gauge("greeter_ready", "Whether requests may be sent here.", Readiness.State.READY),
                        gauge("greeter_draining", "Whether the node is on its way out.", Readiness.State.DRAINING),
                        activeRequests(listeners)));
    }

    private static Gauge activeRequests(Map<String, HttpBinding> listeners) {
        return new Gauge(
                "greeter_http_active_requests",
                "Requests that are read and not answered.",
                listeners.entrySet().stream()
                        .collect(Collectors.toMap(
                                listener -> Labels.of("server", listener.getKey()),
                                listener -> listener.getValue()::activeRequests)));
    }

    private Gauge gauge(String name, String help, Readiness.State state) {
        return new Gauge(name, help, () -> readiness.state() == state ? 1 : 0);
    }
}

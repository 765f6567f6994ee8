package dev.greeter.monitor;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpServerConfig;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.TransportMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Vert.x itself counts of its HTTP and TCP servers, under the names of vertx-micrometer-metrics. One for each Vert.x. That
 * library looks every meter up by its labels at every request. Here servers and statuses, which are few, are looked up
 * once. Requests have no label that clients make up, such as the method or the path.
 */
public final class ServerMetrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** By the server's address, because the instances of a server, and the next on the same address, share its meters. */
    private final Map<SocketAddress, HttpServerMeters> http = new ConcurrentHashMap<>();

    private final Map<String, TcpServerMeters> tcp = new ConcurrentHashMap<>();

    private final class OfVertx implements VertxMetrics {
        @Override
        public HttpServerMetrics<?, ?> createHttpServerMetrics(
                HttpServerConfig config, SocketAddress local, SocketAddress quic) {
            return http.computeIfAbsent(local, address -> new HttpServerMeters(registry, tags(address)));
        }

        @Override
        public TransportMetrics<?> createTcpServerMetrics(
                TcpServerConfig config, String protocol, SocketAddress local) {
            String prefix = "http".equals(protocol) ? "vertx.http.server." : "vertx.net.server.";
            return tcp.computeIfAbsent(prefix + local, server -> new TcpServerMeters(registry, prefix, tags(local)));
        }

        private static Tags tags(SocketAddress local) {
            return Tags.of("local", local.toString());
        }
    }

    /** For the Vert.x that is to be counted. */
    public VertxMetricsFactory factory() {
        return options -> new OfVertx();
    }

    /** For its options. */
    public MetricsOptions options() {
        return new MetricsOptions().setEnabled(true);
    }

    MetricSnapshots collect() {
        return registry.getPrometheusRegistry().scrape();
    }
}

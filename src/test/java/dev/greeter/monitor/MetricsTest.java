package dev.greeter.monitor;

import static dev.greeter.ledger.Exchanges.batch;
import static dev.greeter.ledger.Exchanges.greeting;
import static dev.greeter.ledger.Exchanges.page;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.bus.Outcome;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import dev.greeter.net.tls.Certificates;
import dev.greeter.testing.Scraped;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.hawkular.agent.prometheus.types.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is scraped of a node whose ledger is real. */
@ExtendWith(VertxExtension.class)
class MetricsTest {
    private static final Node NODE = new Node("greeter-0", "host-0", "1.2.3", Instant.EPOCH);

    private final EventLoops loops = new EventLoops();
    private final Readiness ready = new Readiness();
    private final Ledger ledger = new Ledger(NODE, 2);
    private final Management management = new Management();
    private String deployment = "";
    private Vertx vertx;
    private Metrics metrics;

    /** Scrapes from its event loop. */
    private static final class Management extends VerticleBase {
        @Override
        public Future<?> start() {
            return Future.succeededFuture();
        }

        Future<Buffer> scrape(Metrics metrics) {
            return Future.future(promise -> context.runOnContext(
                    turn -> metrics.scrape(MetricsFormat.TEXT).onComplete(promise)));
        }
    }

    @BeforeEach
    void deploy(Vertx vertx) {
        this.vertx = vertx;
        LocalCodec.register(vertx.eventBus());
        metrics = new Metrics(
                vertx,
                NODE,
                new LedgerClient(vertx.eventBus()),
                new ServerMetrics(),
                loops,
                ready,
                Certificates.NONE,
                Map.of("http", () -> 7));
        deploy(loops.watchFrom(() -> management));
        deployment = deploy(loops.watch("ledger", () -> new LedgerVerticle(ledger)));
    }

    /** A node's name may have any printable character, and its host's any at all. */
    @Test
    void escapesNames() {
        metrics = new Metrics(
                vertx,
                new Node("a\"} 1\\", "b\nforged 1", "1.2.3", Instant.EPOCH),
                new LedgerClient(vertx.eventBus()),
                new ServerMetrics(),
                loops,
                ready,
                Certificates.NONE,
                Map.of());
        String text = management.scrape(metrics).await().toString();
        List<String> named =
                text.lines().filter(line -> line.contains("forged 1")).toList();
        assertThat(named).containsExactly("greeter_node_info{host=\"b\\nforged 1\",node=\"a\\\"} 1\\\\\"} 1");
    }

    @Test
    void hasTheLedgersNumbers() {
        ledger.count(
                batch(
                        "a",
                        1,
                        greeting(Outcome.ANSWERED, 7),
                        greeting(Outcome.ANSWERED, 30),
                        greeting(Outcome.FAILED, 9),
                        page(Outcome.REFUSED, 9)),
                0);

        Scraped scraped = scrape();

        assertThat(exchanges(scraped, "greeting", "session", "answered")).isEqualTo(2);
        assertThat(exchanges(scraped, "greeting", "session", "failed")).isEqualTo(1);
        assertThat(exchanges(scraped, "http", "page", "refused")).isEqualTo(1);
        assertThat(exchanges(scraped, "greeting", "oneshot", "answered")).isZero();
        assertThat(scraped.sum("greeter_exchanges_total")).isEqualTo(4);
        Histogram seconds = scraped.histogram("greeter_exchange_seconds", "protocol", "greeting");
        assertThat(seconds.getSampleCount()).isEqualTo(2);
        assertThat(seconds.getSampleSum()).isEqualTo(37e-6);
        assertThat(seconds.getBuckets())
                .filteredOn(bucket -> bucket.getUpperBound() < 100e-6)
                .extracting(Histogram.Bucket::getCumulativeCount)
                .containsExactly(1L, 1L, 2L);
        assertThat(scraped.value("greeter_connections", "protocol", "greeting")).isEqualTo(3);
        assertThat(scraped.value("greeter_exchange_log_suppressed_total")).isEqualTo(2);
        assertThat(scraped.value("greeter_sessions_drained_total")).isZero();
        assertThat(scraped.value("greeter_connections_cut_total")).isZero();
        assertThat(scraped.value("greeter_ledger_up")).isEqualTo(1);
    }

    @Test
    void hasWhatTheNodeKnowsOfItsClusterIfItIsInOne() {
        assertThat(scrape().names()).doesNotContain("greeter_cluster_nodes", "greeter_cluster_partial");
        vertx.undeploy(deployment).await();
        AtomicBoolean partial = new AtomicBoolean();
        vertx.eventBus()
                .localConsumer(
                        Addresses.SNAPSHOT,
                        query -> query.reply(ledger.snapshot().in(new LedgerSnapshot.Cluster(3, partial.get()))));
        assertThat(scrape().value("greeter_cluster_nodes")).isEqualTo(3);
        assertThat(scrape().value("greeter_cluster_partial")).isZero();
        partial.set(true);
        assertThat(scrape().value("greeter_cluster_partial")).isEqualTo(1);
    }

    @Test
    void isServedWithoutTheLedgersNumbersWhileItIsAway() {
        vertx.undeploy(deployment).await();

        Scraped scraped = scrape();

        assertThat(scraped.value("greeter_ledger_up")).isZero();
        assertThat(scraped.names())
                .doesNotContain("greeter_exchanges_total", "greeter_exchange_seconds", "greeter_connections")
                .contains("greeter_build_info", "jvm_memory_used_bytes", "process_cpu_seconds_total");

        deploy(loops.watch("ledger", () -> new LedgerVerticle(ledger)));
        assertThat(scrape().value("greeter_ledger_up")).isEqualTo(1);
    }

    @Test
    void saysWhatRunsAndHowItIs() {
        ready.ready();

        Scraped scraped = scrape();

        assertThat(scraped.value("greeter_node_info", "node", "greeter-0", "host", "host-0"))
                .isEqualTo(1);
        assertThat(scraped.labels("greeter_build_info")).containsExactly("java", "version", "vertx");
        assertThat(scraped.values("version")).contains("1.2.3");
        assertThat(scraped.value("greeter_ready")).isEqualTo(1);
        assertThat(scraped.value("greeter_draining")).isZero();
        assertThat(scraped.value("greeter_http_active_requests", "server", "http"))
                .isEqualTo(7);
        ready.drain();
        assertThat(scrape().value("greeter_ready")).isZero();
        assertThat(scrape().value("greeter_draining")).isEqualTo(1);
    }

    private static double exchanges(Scraped scraped, String protocol, String form, String outcome) {
        return scraped.value("greeter_exchanges_total", "protocol", protocol, "form", form, "outcome", outcome);
    }

    private Scraped scrape() {
        Buffer text = management.scrape(metrics).await();
        return Scraped.of(text.toString());
    }

    private String deploy(Supplier<Deployable> verticle) {
        return vertx.deployVerticle(verticle, new DeploymentOptions()).await();
    }
}

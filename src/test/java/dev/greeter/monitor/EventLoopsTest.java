package dev.greeter.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class EventLoopsTest {
    private final EventLoops loops = new EventLoops();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Verticle management = new Verticle();
    private final Verticle server = new Verticle();
    private String deployment = "";
    private Vertx vertx;

    private static final class Verticle extends VerticleBase {
        private String thread = "";

        @Override
        public Future<?> start() {
            thread = Thread.currentThread().getName();
            return Future.succeededFuture();
        }

        Future<Status> status(EventLoops loops) {
            return Future.future(promise ->
                    context.runOnContext(turn -> loops.check().procedure().get().onComplete(promise)));
        }

        Future<List<MetricSnapshot>> collect(EventLoops loops) {
            return Future.future(promise -> context.runOnContext(turn -> promise.complete(loops.collect())));
        }

        void block(CountDownLatch release) {
            context.runOnContext(turn -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    @BeforeEach
    void deploy(Vertx vertx) {
        this.vertx = vertx;
        vertx.deployVerticle(loops.watchFrom(() -> management), new DeploymentOptions())
                .await();
        deployment = vertx.deployVerticle(loops.watch("server", () -> server), new DeploymentOptions())
                .await();
    }

    @AfterEach
    void release() {
        release.countDown();
    }

    @Test
    void namesTheThreadOfALoopThatIsBlockedUntilItAnswersAgain() {
        assertThat(status().isOk()).isTrue();

        server.block(release);

        await().until(() -> !status().isOk());
        assertThat(status().getData()).isEqualTo(new JsonObject().put("blocked", JsonArray.of(server.thread)));
        release.countDown();
        await().until(() -> status().isOk());
    }

    @Test
    void measuresHowLongTheyTake() {
        await().until(() -> !delays().isEmpty() && delays().get(0).getCount() > 2);
        assertThat(delays().get(0).getLabels().get("verticle")).isEqualTo("server");
        assertThat(delays().get(0).getSum()).isPositive();
        assertThat(blocked()).isZero();

        server.block(release);
        await().until(() -> blocked() == 1);
        release.countDown();

        await().until(() -> delays().get(0).getSum() > 2);
        assertThat(blocked()).isZero();
        HistogramDataPointSnapshot delay = delays().get(0);
        assertThat(delay.getClassicBuckets().stream()
                        .filter(bucket -> bucket.getUpperBound() > 1)
                        .mapToLong(ClassicHistogramBucket::getCount)
                        .sum())
                .isEqualTo(1);
    }

    private List<HistogramDataPointSnapshot> delays() {
        return ((HistogramSnapshot) management.collect(loops).await().get(0)).getDataPoints();
    }

    private double blocked() {
        return ((GaugeSnapshot) management.collect(loops).await().get(1))
                .getDataPoints()
                .get(0)
                .getValue();
    }

    @Test
    void forgetsAVerticleThatIsGone() {
        server.block(release);
        await().until(() -> !status().isOk());

        Future<Void> gone = vertx.undeploy(deployment);
        release.countDown();
        gone.await();

        assertThat(status().isOk()).isTrue();
    }

    private Status status() {
        return management.status(loops).await();
    }
}

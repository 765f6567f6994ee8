package dev.greeter.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
    private final Vertx vertx = Vertx.vertx();
    private final EventLoops loops = new EventLoops();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Verticle management = new Verticle();
    private final Verticle server = new Verticle();
    private String deployment = "";

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
    void deploy() throws Exception {
        get(vertx.deployVerticle(loops.watchFrom(() -> management), new DeploymentOptions()));
        deployment = get(vertx.deployVerticle(loops.watch(() -> server), new DeploymentOptions()));
    }

    @AfterEach
    void close() throws Exception {
        release.countDown();
        get(vertx.close());
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
    void forgetsAVerticleThatIsGone() throws Exception {
        server.block(release);
        await().until(() -> !status().isOk());

        Future<Void> gone = vertx.undeploy(deployment);
        release.countDown();
        get(gone);

        assertThat(status().isOk()).isTrue();
    }

    private Status status() {
        try {
            return get(management.status(loops));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}

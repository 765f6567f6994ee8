package dev.greeter;

import dev.greeter.config.Config;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys the verticles of one node, and undeploys the servers before those that they need. Thread-safe. */
final class Deployments {
    /** The verticles of the management server and of the ledger. */
    private static final int SUPPORTING = 2;

    /** For tasks that Vert.x runs on loops of its choice while verticles are deployed. */
    private static final int SPARE_LOOPS = 2;

    /** A little more than the ledger takes at most to hand its counts to the cluster. */
    private static final Duration SUPPORTING_TIMEOUT = Duration.ofSeconds(8);

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

    private final Vertx vertx;
    /** Its loop is assigned before those of the verticles, so none of them blocks it. */
    private final Context context;

    private final Deque<String> supporting = new ConcurrentLinkedDeque<>();
    private final Deque<String> serving = new ConcurrentLinkedDeque<>();

    Deployments(Vertx vertx) {
        this.vertx = vertx;
        context = vertx.getOrCreateContext();
    }

    /** Deploys one instance of a verticle that the servers need. The last of these is undeployed first. */
    Future<Void> support(Supplier<? extends Deployable> verticle) {
        return deploy(supporting, 1, verticle);
    }

    /** The options of a Vert.x for these verticles. */
    static VertxOptions options(Config config) {
        int verticles = config.greeting().instances() + config.http().instances() + SUPPORTING;
        return new VertxOptions()
                // Vert.x assigns loops in turn: the management server has its own, and answers while another one is
                // blocked
                .setEventLoopPoolSize(verticles + SPARE_LOOPS)
                // nothing is served from files, so no temporary folder is needed
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }

    /** Whether instances of a server share a port, so that one that is busy should not accept for the others. */
    static boolean sharePorts(Config config) {
        return config.greeting().instances() > 1 || config.http().instances() > 1;
    }

    /** Deploys the instances of a server. */
    Future<Void> serve(int instances, Supplier<? extends Deployable> verticle) {
        return deploy(serving, instances, verticle);
    }

    /**
     * Undeploys all. Never fails: the failure of a verticle is logged. A verticle whose event loop is blocked holds up no other
     * one for longer than its limit.
     *
     * @param limit completes, without an event loop, when the servers have to be undeployed
     * @return whether all were undeployed within their limits
     */
    Future<Boolean> undeploy(Future<?> limit) {
        return within(
                        limit,
                        () -> Future.join(serving.stream().map(this::undeploy).toList()))
                .compose(servers -> undeployLastFirst(supporting).map(others -> servers && others));
    }

    private Future<Void> deploy(Deque<String> deployments, int instances, Supplier<? extends Deployable> verticle) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
                .onSuccess(deployments::add)
                .mapEmpty();
    }

    private Future<Boolean> undeployLastFirst(Deque<String> deployments) {
        String last = deployments.pollLast();
        return last == null
                ? Future.succeededFuture(true)
                : within(Shutdown.after(SUPPORTING_TIMEOUT), () -> undeploy(last))
                        .compose(itself -> undeployLastFirst(deployments).map(others -> itself && others));
    }

    private Future<Boolean> within(Future<?> limit, Supplier<Future<?>> undeploying) {
        // without a context, because a future with one completes on its event loop
        Promise<Boolean> inTime = Promise.promise();
        limit.onComplete(over -> inTime.tryComplete(false));
        context.runOnContext(turn -> undeploying.get().onComplete(undeployed -> inTime.tryComplete(true)));
        return inTime.future();
    }

    private Future<Void> undeploy(String deployment) {
        return vertx.undeploy(deployment).onFailure(failure -> LOG.error("not stopped in order", failure));
    }
}

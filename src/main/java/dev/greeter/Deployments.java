package dev.greeter;

import dev.greeter.config.Config;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
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

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

    private final Vertx vertx;
    private final Deque<String> supporting = new ConcurrentLinkedDeque<>();
    private final Deque<String> serving = new ConcurrentLinkedDeque<>();

    Deployments(Vertx vertx) {
        this.vertx = vertx;
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

    /** Undeploys all. Never fails: the failure of a verticle is logged. */
    Future<Void> undeploy() {
        return Future.join(serving.stream().map(this::undeploy).toList())
                .transform(undeployed -> undeployLastFirst(supporting));
    }

    private Future<Void> deploy(Deque<String> deployments, int instances, Supplier<? extends Deployable> verticle) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
                .onSuccess(deployments::add)
                .mapEmpty();
    }

    private Future<Void> undeployLastFirst(Deque<String> deployments) {
        String last = deployments.pollLast();
        return last == null
                ? Future.succeededFuture()
                : undeploy(last).transform(undeployed -> undeployLastFirst(deployments));
    }

    private Future<Void> undeploy(String deployment) {
        return vertx.undeploy(deployment).onFailure(failure -> LOG.error("not stopped in order", failure));
    }
}

package dev.greeter.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The Vert.x of one client command: one event loop and nothing else, so that it starts in no time. */
public final class ClientVertx implements AutoCloseable {
    private static final Duration MAX_CLOSE_TIME = Duration.ofSeconds(2);
    private static final Duration MAX_LATENESS = Duration.ofSeconds(10);
    private static final Duration MAX_STALL = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx(options(1));

    private final CompletableFuture<Object> unexpected = new CompletableFuture<>();

    public ClientVertx() {
        vertx.exceptionHandler(unexpected::completeExceptionally);
    }

    /** Options of a Vert.x with so many event loops and nothing else. */
    public static VertxOptions options(int eventLoops) {
        return new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                // output that stalls holds the server back; a probe that was stopped and continued reports that itself
                .setBlockedThreadCheckInterval(MAX_STALL.toMillis())
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }

    public Vertx vertx() {
        return vertx;
    }

    /**
     * Waits for a client's answer, which comes within its timeout unless the output stalls, or for an unexpected failure on the
     * event loop.
     */
    public <T> T answer(Future<T> answer, Duration timeout) throws ClientException, InterruptedException {
        CompletableFuture<T> answered = answer.toCompletionStage().toCompletableFuture();
        await(CompletableFuture.anyOf(answered, unexpected), timeout);
        return answered.join();
    }

    /** Waits for the answer of a Vert.x that reports unexpected failures in another way. */
    public static <T> T await(CompletableFuture<T> answer, Duration timeout)
            throws ClientException, InterruptedException {
        try {
            return answer.get(timeout.plus(MAX_LATENESS).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ClientException expected) {
                throw expected;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer long after the timeout", e);
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().await(MAX_CLOSE_TIME);
        } catch (TimeoutException abandoned) {
            // its threads are daemons, and end with the process
        }
    }
}

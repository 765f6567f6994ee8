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

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            // an answer is printed on the event loop: output that stalls is what holds the server back
            .setBlockedThreadCheckInterval(MAX_STALL.toMillis())
            .setUseDaemonThread(true)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));

    private final CompletableFuture<Object> unexpected = new CompletableFuture<>();

    public ClientVertx() {
        vertx.exceptionHandler(unexpected::completeExceptionally);
    }

    public Vertx vertx() {
        return vertx;
    }

    /**
     * Waits for a client's answer, which comes within its timeout unless what it prints on is stalled, or for what fails on
     * its event loop where nothing should.
     */
    public <T> T answer(Future<T> answer, Duration timeout) throws ClientException, InterruptedException {
        CompletableFuture<T> answered = answer.toCompletionStage().toCompletableFuture();
        await(CompletableFuture.anyOf(answered, unexpected), timeout);
        return answered.join();
    }

    /** The same of a Vert.x that has another way out for the unexpected. */
    public static <T> T await(CompletableFuture<T> answer, Duration timeout)
            throws ClientException, InterruptedException {
        try {
            return answer.get(timeout.plus(MAX_LATENESS).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ClientException told) {
                throw told;
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

package dev.greeter.config;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files twice a second, on its own thread, until it is closed. A look that fails unexpectedly ends nothing: the
 * next ones come all the same, and of failures in a row the first is logged.
 */
public final class FileWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    private final String watched;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean failing;

    /** @param watched what the files hold, which is the name of the thread too */
    public FileWatch(String watched) {
        this.watched = watched;
    }

    /** Starts to look, half a second from now. To be called once at most. */
    public void start(Runnable look) {
        Thread thread = new Thread(() -> repeat(look), watched);
        thread.setDaemon(true);
        thread.start();
    }

    private void repeat(Runnable look) {
        try {
            while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                once(look);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void once(Runnable look) {
        try {
            look.run();
            failing = false;
        } catch (RuntimeException unexpected) {
            if (!failing) {
                LOG.error("the watch of the {} failed; it goes on", watched, unexpected);
            }
            failing = true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}

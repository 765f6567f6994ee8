package dev.greeter.testing;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CountDownLatch;

/** Keeps event loops from accepting connections, which then wait in the kernel's queue, until it is released. */
public final class BusyAcceptor implements AutoCloseable {
    private final CountDownLatch released = new CountDownLatch(1);

    /** For a Vert.x that has a loop for accepting. */
    public BusyAcceptor(Vertx vertx) throws InterruptedException {
        this(((VertxInternal) vertx).acceptorEventLoopGroup());
    }

    /** @param accepting all loops that may accept */
    public BusyAcceptor(EventExecutorGroup accepting) throws InterruptedException {
        for (EventExecutor loop : accepting) {
            CountDownLatch busy = new CountDownLatch(1);
            loop.execute(() -> {
                busy.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            busy.await();
        }
    }

    public void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
    }
}

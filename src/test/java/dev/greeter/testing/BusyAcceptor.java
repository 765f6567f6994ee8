package dev.greeter.testing;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CountDownLatch;

/** Keeps a Vert.x from accepting connections, which then wait in the kernel's queue, until it is released. */
public final class BusyAcceptor implements AutoCloseable {
    private final CountDownLatch released = new CountDownLatch(1);

    public BusyAcceptor(Vertx vertx) throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        ((VertxInternal) vertx).acceptorEventLoopGroup().execute(() -> {
            busy.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.await();
    }

    public void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
    }
}

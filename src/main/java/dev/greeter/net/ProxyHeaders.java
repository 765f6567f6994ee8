package dev.greeter.net;

import dev.greeter.config.value.AddressBlock;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which connections to a server begin with a header of the PROXY protocol, and those of them whose header has not come yet.
 * Thread-safe.
 */
final class ProxyHeaders {
    /** Of a server without proxies. */
    static final ProxyHeaders NONE = new ProxyHeaders(List.of(), () -> Duration.ZERO, Duration.ZERO);

    /** A proxy that is set up wrong fails with each of its connections. */
    private static final long REPORT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaders.class);

    private final List<AddressBlock> from;
    private final Supplier<Duration> timeout;
    private final Duration lastChance;
    private final Map<EventLoop, Awaited> awaited = new ConcurrentHashMap<>();
    private final AtomicLong reportedNanos = new AtomicLong(System.nanoTime() - REPORT_INTERVAL_NANOS);
    private final AtomicInteger unreported = new AtomicInteger();

    /**
     * @param from the proxies' addresses, each an {@link AddressBlock}
     * @param timeout from the accept to the end of the header, for a connection that is accepted now
     * @param lastChance once the server drains, how long the header of a connection that was accepted may still take
     */
    ProxyHeaders(List<String> from, Supplier<Duration> timeout, Duration lastChance) {
        this.from = from.stream()
                .map(block -> AddressBlock.of(block).orElseThrow(() -> new IllegalArgumentException(block)))
                .toList();
        this.timeout = timeout;
        this.lastChance = lastChance;
    }

    /** Whether the connection is a proxy's, and so has to begin with a header. */
    boolean isProxy(Channel connection) {
        return !from.isEmpty()
                && connection.remoteAddress() instanceof InetSocketAddress peer
                && from.stream().anyMatch(block -> block.contains(peer.getAddress()));
    }

    /** Those whose header has not come yet, of the calling event loop. */
    Awaited of(EventLoop loop) {
        return awaited.computeIfAbsent(loop, Awaited::new);
    }

    /** Completes when no header is awaited on the calling event loop, which takes no longer than the last chance. */
    Future<Void> drain(EventLoop loop) {
        Awaited still = awaited.get(loop);
        return still == null ? Future.succeededFuture() : still.drain();
    }

    /**
     * Logs a connection that is closed because of its header.
     *
     * @param cause in our words, because the octets may be anybody's
     */
    void report(SocketAddress peer, String cause) {
        long now = System.nanoTime();
        long last = reportedNanos.get();
        if (now - last < REPORT_INTERVAL_NANOS || !reportedNanos.compareAndSet(last, now)) {
            unreported.incrementAndGet();
            return;
        }
        LOG.atWarn()
                .addKeyValue("peer", SocketAddresses.text(peer))
                .addKeyValue("cause", cause)
                .addKeyValue("others", unreported.getAndSet(0))
                .log("a proxy's connection without a PROXY protocol header was closed");
    }

    /** The connections of one event loop whose header has not come yet. Used by that loop only. */
    final class Awaited {
        private final EventLoop loop;
        private final LoopClock clock = new LoopClock();
        private final Set<ProxyHeader> headers = new HashSet<>();
        private boolean ticking;
        private @Nullable Promise<Void> none;

        private Awaited(EventLoop loop) {
            this.loop = loop;
        }

        /** Returns by when this header has to be complete; {@link ProxyHeader#check} runs until it is {@linkplain #remove removed}. */
        Deadline add(ProxyHeader header) {
            headers.add(header);
            if (!ticking) {
                ticking = true;
                clock.tick();
                schedule();
            }
            Deadline deadline = clock.deadline();
            deadline.in(timeout.get());
            return deadline;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // it ends with the loop
        private void schedule() {
            loop.schedule(this::tick, LoopClock.INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void tick() {
            if (headers.isEmpty()) {
                ticking = false;
                return;
            }
            schedule();
            clock.tick();
            List.copyOf(headers).forEach(ProxyHeader::check);
        }

        void remove(ProxyHeader header) {
            headers.remove(header);
            if (headers.isEmpty() && none != null) {
                Promise<Void> last = none;
                none = null;
                // not before the server has the connection and what is behind its header
                loop.execute(last::complete);
            }
        }

        private Future<Void> drain() {
            if (headers.isEmpty()) {
                return Future.succeededFuture();
            }
            headers.forEach(header -> header.expectWithin(lastChance));
            none = none == null ? Promise.promise() : none;
            return none.future();
        }
    }
}

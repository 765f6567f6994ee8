package dev.greeter.http.management;

import dev.greeter.net.SocketAddresses;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits how often a client may present a wrong token, so that tokens cannot be tried out. Each client has its own limit, so that
 * nobody is locked out by the attempts of others. A client is an IPv4 address or the first 64 bits of an IPv6 address. Used by its
 * verticle's context only.
 */
final class TokenAttempts {
    /** How many wrong tokens a client may present at once. */
    static final int BURST = 5;

    /** In this time a client may present one more. */
    private static final long REFILL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Of more clients than that, those whose last attempt was first are forgotten. */
    static final int MAX_CLIENTS = 1_024;

    private static final long LOG_INTERVAL_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(TokenAttempts.class);

    private final Vertx vertx;
    private final LongSupplier nanoTime;
    private final Map<Long, Allowance> clients = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Allowance> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    private boolean logging;
    private int unlogged;
    private String lastPeer = "";

    private record Allowance(double attempts, long atNanos) {
        double now(long nanos) {
            return Math.min(BURST, attempts + (double) (nanos - atNanos) / REFILL_NANOS);
        }
    }

    TokenAttempts(Vertx vertx, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.nanoTime = nanoTime;
    }

    /** Returns whether a token of this client is compared at all; a client that may not try learns nothing of a token. */
    boolean mayTry(SocketAddress peer) {
        Allowance allowance = clients.get(SocketAddresses.client(peer));
        boolean may = allowance == null || allowance.now(nanoTime.getAsLong()) >= 1;
        if (!may) {
            log(peer);
        }
        return may;
    }

    /** The client has presented a wrong token. */
    void wrong(SocketAddress peer) {
        long nanos = nanoTime.getAsLong();
        clients.merge(
                SocketAddresses.client(peer),
                new Allowance(BURST - 1, nanos),
                (before, first) -> new Allowance(before.now(nanos) - 1, nanos));
        log(peer);
    }

    /** Logs the first attempt at once, and those of the second after it in one line. */
    private void log(SocketAddress peer) {
        unlogged++;
        lastPeer = SocketAddresses.text(peer);
        if (!logging) {
            logging = true;
            flush();
        }
    }

    private void flush() {
        if (unlogged == 0) {
            logging = false;
            return;
        }
        LOG.atWarn()
                .addKeyValue("attempts", unlogged)
                .addKeyValue("lastPeer", lastPeer)
                .log("wrong tokens refused");
        unlogged = 0;
        vertx.setTimer(LOG_INTERVAL_MILLIS, timer -> flush());
    }

    /** The number of clients that are known. */
    int size() {
        return clients.size();
    }
}

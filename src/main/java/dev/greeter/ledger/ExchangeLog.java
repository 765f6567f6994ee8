package dev.greeter.ledger;

import dev.greeter.bus.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs one structured line for each exchange, up to a number a second; one more line has the number of the others. */
final class ExchangeLog {
    private static final Logger LOG = LoggerFactory.getLogger("greeter.exchange");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final String node;
    private volatile int maxPerSecond;
    /** The value of {@link #maxPerSecond} when this second began: an exchange reads no volatile field. */
    private int most;

    private long second = Long.MIN_VALUE;
    private int logged;
    private long leftOut;
    private long suppressed;

    ExchangeLog(String node, int maxPerSecond) {
        this.node = node;
        this.maxPerSecond = maxPerSecond;
    }

    /** From the next second on. Any thread may call. */
    void logAtMost(int perSecond) {
        maxPerSecond = perSecond;
    }

    /** Logs exchanges that differ in nothing. */
    void log(Exchange exchange, int times, long nowNanos) {
        tick(nowNanos);
        int lines = Math.min(times, most - logged);
        for (int i = 0; i < lines; i++) {
            log(exchange);
        }
        logged += lines;
        leftOut += times - lines;
        suppressed += times - lines;
    }

    private void log(Exchange exchange) {
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("at", exchange.at())
                .addKeyValue("protocol", exchange.protocol().label())
                .addKeyValue("form", exchange.form().label())
                .addKeyValue("outcome", exchange.outcome().label())
                .addKeyValue("peer", exchange.peer());
        if (exchange.token() != null) {
            line = line.addKeyValue("token", exchange.token());
        }
        if (exchange.reason() != null) {
            line = line.addKeyValue("reason", exchange.reason());
        }
        line.addKeyValue("octets", exchange.octets())
                .addKeyValue("durationMicros", exchange.durationMicros())
                .addKeyValue("node", node)
                .log("exchange");
    }

    /** Reports the exchanges that were left out, if their second is over. */
    void tick(long nowNanos) {
        long now = Math.floorDiv(nowNanos, NANOS_PER_SECOND);
        if (now != second) {
            flush();
            second = now;
            logged = 0;
            most = maxPerSecond;
        }
    }

    /** The number of exchanges without their own line, since the start. */
    long suppressed() {
        return suppressed;
    }

    void flush() {
        if (leftOut > 0) {
            LOG.atInfo()
                    .addKeyValue("leftOut", leftOut)
                    .addKeyValue("node", node)
                    .log("exchanges left out");
            leftOut = 0;
        }
    }
}

package dev.greeter.ledger;

import dev.greeter.bus.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One structured line for each exchange, up to so many a second; one line tells how many more that second had. */
final class ExchangeLog {
    private static final Logger LOG = LoggerFactory.getLogger("greeter.exchange");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final String node;
    private final int maxPerSecond;
    private long second = Long.MIN_VALUE;
    private int logged;
    private long leftOut;

    ExchangeLog(String node, int maxPerSecond) {
        this.node = node;
        this.maxPerSecond = maxPerSecond;
    }

    void log(Exchange exchange, long nowNanos) {
        tick(nowNanos);
        if (logged == maxPerSecond) {
            leftOut++;
            return;
        }
        logged++;
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

    /** A second that is over is told. */
    void tick(long nowNanos) {
        long now = Math.floorDiv(nowNanos, NANOS_PER_SECOND);
        if (now != second) {
            flush();
            second = now;
            logged = 0;
        }
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

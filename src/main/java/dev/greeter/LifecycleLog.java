package dev.greeter;

import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** The lines that a node logs about itself: its configuration, where it listens, and how its stop went. */
final class LifecycleLog {
    private final Logger log;

    LifecycleLog(Logger log) {
        this.log = log;
    }

    void configuration(Config config) {
        LoggingEventBuilder line = log.atInfo();
        for (Map.Entry<String, String> setting : config.effective().entrySet()) {
            line = line.addKeyValue(setting.getKey(), setting.getValue());
        }
        line.log("configuration");
    }

    void listening(String server, String host, int port) {
        log.atInfo()
                .addKeyValue("server", server)
                .addKeyValue("host", host)
                .addKeyValue("port", port)
                .log("listening");
    }

    void ready(String node) {
        log.atInfo().addKeyValue("node", node).log("ready");
    }

    /** Logs one line. The stack trace is for debugging; an error in it may still be more than a failed start. */
    void notStarted(Throwable cause) {
        log.debug("start failed", cause);
        log.error("{}", cause.getMessage());
    }

    void stopping(Duration delay) {
        log.atInfo().addKeyValue("delay", delay).log("stopping");
    }

    /** @param blocked the threads of event loops that are blocked */
    void notInTime(List<String> blocked) {
        log.atError().addKeyValue("blocked", String.join(",", blocked)).log("not stopped in time");
    }

    /** Logs all counts of this node, which no query can return any more. */
    void stopped(PerProtocol<Stats.Tally> totals, long cut) {
        LoggingEventBuilder line = log.atInfo();
        for (Protocol protocol : Protocol.values()) {
            Stats.Tally tally = totals.get(protocol);
            line = line.addKeyValue(protocol.label() + ".answered", tally.answered())
                    .addKeyValue(protocol.label() + ".refused", tally.refused())
                    .addKeyValue(protocol.label() + ".failed", tally.failed());
        }
        line.addKeyValue("cut", cut).log("stopped");
    }
}

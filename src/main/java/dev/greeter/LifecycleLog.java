package dev.greeter;

import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.config.Config;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What a node says of its own life: its configuration, where it listens, and how its stop went. */
final class LifecycleLog {
    private static final Logger LOG = LoggerFactory.getLogger(Greeter.class);

    private LifecycleLog() {}

    static void configuration(Config config) {
        LoggingEventBuilder line = LOG.atInfo();
        for (Map.Entry<String, String> setting : config.effective().entrySet()) {
            line = line.addKeyValue(setting.getKey(), setting.getValue());
        }
        line.log("configuration");
    }

    static void listening(String server, String host, int port) {
        LOG.atInfo()
                .addKeyValue("server", server)
                .addKeyValue("host", host)
                .addKeyValue("port", port)
                .log("listening");
    }

    static void ready(String node) {
        LOG.atInfo().addKeyValue("node", node).log("ready");
    }

    /** In one line; the stack trace is for debugging alone, but an error in it may be more than a failed start. */
    static void notStarted(Throwable cause) {
        LOG.debug("start failed", cause);
        LOG.error("{}", cause.getMessage());
    }

    static void stopping(Duration delay) {
        LOG.atInfo().addKeyValue("delay", delay).log("stopping");
    }

    /** All that this node counted, which nobody can ask for any more. */
    static void stopped(PerProtocol<Stats.Tally> totals, long cut) {
        LoggingEventBuilder line = LOG.atInfo();
        for (Protocol protocol : Protocol.values()) {
            Stats.Tally tally = totals.get(protocol);
            line = line.addKeyValue(protocol.label() + ".answered", tally.answered())
                    .addKeyValue(protocol.label() + ".refused", tally.refused())
                    .addKeyValue(protocol.label() + ".failed", tally.failed());
        }
        line.addKeyValue("cut", cut).log("stopped");
    }
}

package dev.greeter.probe.measure;

import dev.greeter.bus.Protocol;
import java.util.Arrays;
import java.util.List;

/** How exchanges are made: over which protocol, and on new or on persistent connections. */
public enum Mode {
    /** {@code Hello} on a new connection each (section 1 of {@code src/docs/protocol.md}). */
    ONESHOT("oneshot", Protocol.GREETING),
    /** {@code Hello} with a token, pipelined on persistent connections (sections 3 to 5). */
    SESSION("session", Protocol.GREETING),
    /** A GET on a new connection each. */
    HTTP("http", Protocol.HTTP),
    /** GETs on persistent connections, one at a time on each. */
    HTTP_KEEPALIVE("http-keepalive", Protocol.HTTP);

    private final String label;
    private final Protocol protocol;

    Mode(String label, Protocol protocol) {
        this.label = label;
        this.protocol = protocol;
    }

    /** The name on the command line, in reports and in metrics. */
    public String label() {
        return label;
    }

    public Protocol protocol() {
        return protocol;
    }

    public static List<Mode> of(Protocol protocol) {
        return Arrays.stream(values()).filter(mode -> mode.protocol == protocol).toList();
    }
}

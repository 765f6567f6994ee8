package dev.greeter.greeting;

import dev.greeter.net.ClientChannel;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * What still comes after the last answer: read and dropped, for a bounded time and up to a bounded length, since a plain
 * close would be a reset that eats the answer (section 7 of {@code src/docs/protocol.md}).
 */
final class Linger {
    static final Duration DURATION = Duration.ofSeconds(1);

    private static final int MAX_OCTETS = 1 << 20;

    private final ClientChannel channel;
    private int octets;

    Linger(ClientChannel channel) {
        this.channel = channel;
    }

    /**
     * Half-closes, and counts anew.
     *
     * @param onFailure runs if that does not go, as with a peer that is gone
     * @return false if this kind of connection has no halves
     */
    boolean begin(Runnable onFailure) {
        octets = 0;
        return channel.halfClose(onFailure);
    }

    /** Drops more, and returns whether that was not yet too much. */
    boolean drop(ByteBuf more) {
        octets += more.readableBytes();
        return octets <= MAX_OCTETS;
    }
}

package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** Writes a client's requests (sections 1 to 5 of {@code src/docs/protocol.md}); {@link RequestDecoder} reads it. */
public final class RequestWriter {
    private RequestWriter() {}

    /** The one-shot form's five octets, which no terminator follows. */
    public static void oneShot(ByteBuf out) {
        out.writeBytes(Wire.HELLO);
    }

    /** Opens a session. */
    public static void preface(ByteBuf out) {
        out.writeBytes(Wire.PREFACE).writeByte(Wire.LF);
    }

    /**
     * Greets within a session.
     *
     * @param token 1 to {@link Wire#MAX_TOKEN_OCTETS} octets from 0x21 to 0x7E
     */
    public static void hello(ByteBuf out, String token) {
        out.writeBytes(Wire.HELLO).writeByte(' ');
        out.writeCharSequence(token, US_ASCII);
        out.writeByte(Wire.LF);
    }

    /** Asks for the node's name within a session. */
    public static void who(ByteBuf out) {
        out.writeBytes(Wire.WHO).writeByte(Wire.LF);
    }
}

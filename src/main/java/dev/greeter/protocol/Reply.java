package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a server says in a session, and the {@code Error} line that it may say in either form (sections 3 to 7 of
 * {@code src/docs/protocol.md}). {@link #writeTo} and {@link ReplyDecoder} are each other's inverse.
 */
public sealed interface Reply {
    /** Appends the line with its terminator. */
    void writeTo(ByteBuf out);

    /** {@code GREETING/2}: the session is open. */
    record Preface() implements Reply {
        public static final Preface INSTANCE = new Preface();

        @Override
        public void writeTo(ByteBuf out) {
            out.writeBytes(Wire.PREFACE).writeByte(Wire.LF);
        }
    }

    /** {@code World}, with the token of the {@code Hello} that it answers. */
    record World(@Nullable String token) implements Reply {
        @Override
        public void writeTo(ByteBuf out) {
            world(out, token);
        }
    }

    /** {@code Node <name>}. */
    record Node(String name) implements Reply {
        @Override
        public void writeTo(ByteBuf out) {
            out.writeBytes(Wire.NODE);
            out.writeCharSequence(name, US_ASCII);
            out.writeByte(Wire.LF);
        }
    }

    /** {@code Bye}: what the server has not answered before was not processed. */
    record Bye() implements Reply {
        public static final Bye INSTANCE = new Bye();

        @Override
        public void writeTo(ByteBuf out) {
            out.writeBytes(Wire.BYE).writeByte(Wire.LF);
        }
    }

    /** {@code Error <code> <text>}. The code is text, as a later server may know more of them. */
    record Refused(String code, String text) implements Reply {
        public Refused(Request.Malformed request) {
            this(request.code().word(), request.text());
        }

        @Override
        public void writeTo(ByteBuf out) {
            out.writeBytes(Wire.ERROR);
            out.writeCharSequence(code, US_ASCII);
            out.writeByte(' ');
            out.writeCharSequence(text, US_ASCII);
            out.writeByte(Wire.LF);
        }
    }

    /** A line that no server of this protocol says. */
    record Unknown(String line) implements Reply {
        @Override
        public void writeTo(ByteBuf out) {
            out.writeCharSequence(line, US_ASCII);
            out.writeByte(Wire.LF);
        }
    }

    /** Appends the one-shot form's whole answer, which the close ends (section 1). */
    static void oneShot(ByteBuf out) {
        out.writeBytes(Wire.WORLD);
    }

    /** As {@link World#writeTo}, without the record: it is written some million times a second. */
    static void world(ByteBuf out, @Nullable String token) {
        out.writeBytes(Wire.WORLD);
        if (token != null) {
            out.writeByte(' ');
            out.writeCharSequence(token, US_ASCII);
        }
        out.writeByte(Wire.LF);
    }

    /** As {@link #oneShot}, but not what was asked for: for a fault that is asked for. */
    static void wrongOneShot(ByteBuf out) {
        out.writeCharSequence("Wrong", US_ASCII);
    }

    /** As {@link #world}, but with a token that is not this one: for a fault that is asked for. */
    static void wrongWorld(ByteBuf out, @Nullable String token) {
        world(out, "wrong".equals(token) ? "other" : "wrong");
    }
}

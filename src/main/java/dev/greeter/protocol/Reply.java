package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A server's reply in a session, and the {@code Error} line that it may send in either form (sections 3 to 7 of
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

    /** {@code Error <code> <text>}. The code is text, because a later server may know more of them. */
    record Refused(String code, String text) implements Reply {
        static final Refused FIRST = new Refused(ErrorCode.BAD_GREETING, "expected Hello or GREETING/2");
        static final Refused LINE = new Refused(ErrorCode.BAD_GREETING, "expected Hello, Hello and a token, or Who");
        static final Refused TOKEN = new Refused(ErrorCode.BAD_GREETING, "a token is 1 to 64 octets from 0x21 to 0x7E");
        static final Refused VERSION = new Refused(ErrorCode.BAD_VERSION, "this server speaks GREETING/2");
        static final Refused TOO_LONG = new Refused(ErrorCode.TOO_LONG, "a line has at most 256 octets");

        /** The client ended its side in the middle of a request. */
        public static final Refused UNFINISHED = new Refused(ErrorCode.BAD_GREETING, "the last line has no end");

        /** No complete request came in time (section 6). */
        public static final Refused TIMEOUT = new Refused(ErrorCode.TIMEOUT, "no complete line in time");

        /** The client speaks clear text, and the port TLS (section 6). */
        public static final Refused TLS = new Refused(ErrorCode.BAD_GREETING, "this port speaks TLS");

        /** The server has as many connections as it allows (section 6). */
        public static final Refused BUSY = new Refused(ErrorCode.BUSY, "too many connections, try again later");

        private Refused(ErrorCode code, String text) {
            this(code.word(), text);
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

    /** Appends {@code World} as the request's form has it: in the one-shot form without a terminator, because the close ends it. */
    static void world(ByteBuf out, Request.Greeting request) {
        if (request instanceof Request.OneShot) {
            out.writeBytes(Wire.WORLD);
        } else {
            world(out, request.token());
        }
    }

    /** Appends a reply that is not the one to the request, for a fault that is asked for. */
    static void wrong(ByteBuf out, Request.Greeting request) {
        if (request instanceof Request.OneShot) {
            out.writeCharSequence("Wrong", US_ASCII);
        } else {
            world(out, "wrong".equals(request.token()) ? "other" : "wrong");
        }
    }

    private static void world(ByteBuf out, @Nullable String token) {
        out.writeBytes(Wire.WORLD);
        if (token != null) {
            out.writeByte(' ');
            out.writeCharSequence(token, US_ASCII);
        }
        out.writeByte(Wire.LF);
    }
}

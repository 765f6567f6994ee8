package dev.greeter.protocol;

import org.jspecify.annotations.Nullable;

/** What a client asks (sections 3 to 5 of {@code src/docs/protocol.md}). */
public sealed interface Request {
    /** The five octets {@code Hello} as the first of a connection; what follows them is ignored. */
    record OneShot() implements Request {
        static final OneShot INSTANCE = new OneShot();
    }

    /** {@code GREETING/2}, which opens a session. */
    record Preface() implements Request {
        static final Preface INSTANCE = new Preface();
    }

    /** {@code Hello} within a session, with the token to echo if it has one. */
    record Hello(@Nullable String token) implements Request {
        static final Hello PLAIN = new Hello(null);
    }

    /** {@code Who}: asks for the node's name; not an exchange. */
    record Who() implements Request {
        static final Who INSTANCE = new Who();
    }

    /** Anything else; answered with this error, and nothing after it is read. */
    record Malformed(ErrorCode code, String text) implements Request {
        static final Malformed FIRST = new Malformed(ErrorCode.BAD_GREETING, "expected Hello or GREETING/2");
        static final Malformed LINE =
                new Malformed(ErrorCode.BAD_GREETING, "expected Hello, Hello and a token, or Who");
        static final Malformed TOKEN =
                new Malformed(ErrorCode.BAD_GREETING, "a token is 1 to 64 octets from 0x21 to 0x7E");
        static final Malformed UNFINISHED = new Malformed(ErrorCode.BAD_GREETING, "the last line has no end");
        static final Malformed VERSION = new Malformed(ErrorCode.BAD_VERSION, "this server speaks GREETING/2");
        static final Malformed TOO_LONG = new Malformed(ErrorCode.TOO_LONG, "a line has at most 256 octets");

        /** No complete request came in time (section 6). */
        public static final Malformed TIMEOUT = new Malformed(ErrorCode.TIMEOUT, "no complete line in time");

        /** The server has as many connections as it allows (section 6). */
        public static final Malformed BUSY = new Malformed(ErrorCode.BUSY, "too many connections, try again later");
    }
}

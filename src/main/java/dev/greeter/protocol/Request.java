package dev.greeter.protocol;

import org.jspecify.annotations.Nullable;

/** A client's request (sections 3 to 5 of {@code src/docs/protocol.md}). */
public sealed interface Request {
    /** A request for a greeting, which is an exchange. */
    sealed interface Greeting extends Request {
        /** The token to echo, if it has one. */
        @Nullable
        String token();

        /** The octets that it took, its terminator included. */
        int octets();
    }

    /** The five octets {@code Hello} as the first of a connection; all that follows them is ignored. */
    record OneShot() implements Greeting {
        static final OneShot INSTANCE = new OneShot();

        @Override
        public @Nullable String token() {
            return null;
        }

        @Override
        public int octets() {
            return Wire.HELLO.length;
        }
    }

    /** {@code GREETING/2}, which opens a session. */
    record Preface() implements Request {
        static final Preface INSTANCE = new Preface();
    }

    /** {@code Hello} within a session. */
    record Hello(@Nullable String token, int octets) implements Greeting {
        private static final Hello WITHOUT_TOKEN = new Hello(null, Wire.HELLO.length + 1);

        static Hello withoutToken(int octets) {
            return octets == WITHOUT_TOKEN.octets() ? WITHOUT_TOKEN : new Hello(null, octets);
        }
    }

    /** {@code Who}: asks for the node's name; not an exchange. */
    record Who() implements Request {
        static final Who INSTANCE = new Who();
    }

    /**
     * Anything else; nothing after it is read.
     *
     * @param refusal the reply to it
     * @param octets that it took, so far as they were read
     */
    record Malformed(Reply.Refused refusal, int octets) implements Request {}
}

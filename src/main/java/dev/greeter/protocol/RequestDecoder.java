package dev.greeter.protocol;

import static dev.greeter.protocol.Wire.HELLO;

import dev.greeter.protocol.LineSplitter.Result;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads what one client sends. Total: any octets, split anyhow, give requests; nothing throws. Holds back at most one
 * unfinished line. One for each connection, used by one thread.
 *
 * <p>After a {@link Request.OneShot} or a {@link Request.Malformed} the connection has been told all it is told, and the
 * decoder is not asked again.
 */
public final class RequestDecoder {
    private final LineSplitter lines = new LineSplitter();
    private boolean session;
    private int octets;

    /**
     * The next request.
     *
     * @param in octets as they came; what is used up is consumed, and none of it is kept
     * @return null when all of {@code in} is consumed and the next request needs more
     */
    public @Nullable Request next(ByteBuf in) {
        if (session && !in.isReadable()) {
            return null;
        }
        Result result = lines.next(in);
        octets = result == Result.LINE ? lines.octets() : lines.heldOctets();
        return session ? line(result) : first(result);
    }

    /**
     * The client sends no more.
     *
     * @return null unless it ended in the middle of a request
     */
    public Request.@Nullable Malformed end() {
        octets = lines.heldOctets();
        return isMidRequest() ? Request.Malformed.UNFINISHED : null;
    }

    /** Whether some of a request has come, but not all of it. */
    public boolean isMidRequest() {
        return lines.heldOctets() > 0;
    }

    /** Octets of a request of which not all has come. */
    public int heldOctets() {
        return lines.heldOctets();
    }

    /** The octets that the last request took, its terminator included. */
    public int octets() {
        return octets;
    }

    /** The first octets choose the form (section 1), as soon as they rule out all others. */
    private @Nullable Request first(Result result) {
        boolean ended = result == Result.LINE;
        if (ended ? lines.startsWith(HELLO) : lines.heldStartsWith(HELLO)) {
            octets = HELLO.length;
            return Request.OneShot.INSTANCE;
        }
        if (result == Result.TOO_LONG) {
            return Request.Malformed.TOO_LONG;
        }
        if (!ended) {
            boolean undecided = lines.heldAgreesWith(HELLO) || lines.heldAgreesWith(Wire.ANY_PREFACE);
            return undecided ? null : Request.Malformed.FIRST;
        }
        if (lines.is(Wire.PREFACE)) {
            session = true;
            return Request.Preface.INSTANCE;
        }
        return lines.startsWith(Wire.ANY_PREFACE) ? Request.Malformed.VERSION : Request.Malformed.FIRST;
    }

    private @Nullable Request line(Result result) {
        return switch (result) {
            case NEEDS_MORE -> null;
            case TOO_LONG -> Request.Malformed.TOO_LONG;
            case LINE ->
                lines.startsWith(HELLO) ? hello() : lines.is(Wire.WHO) ? Request.Who.INSTANCE : Request.Malformed.LINE;
        };
    }

    private Request hello() {
        int blank = HELLO.length;
        if (lines.length() == blank) {
            return Request.Hello.PLAIN;
        }
        if (lines.at(blank) != ' ') {
            return Request.Malformed.LINE;
        }
        int token = blank + 1;
        int length = lines.length() - token;
        if (length < 1 || length > Wire.MAX_TOKEN_OCTETS) {
            return Request.Malformed.TOKEN;
        }
        for (int i = token; i < lines.length(); i++) {
            if (!Wire.isTokenOctet(lines.at(i))) {
                return Request.Malformed.TOKEN;
            }
        }
        return new Request.Hello(lines.textFrom(token));
    }
}

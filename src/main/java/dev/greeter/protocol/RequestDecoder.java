package dev.greeter.protocol;

import static dev.greeter.protocol.Wire.HELLO;

import dev.greeter.protocol.LineSplitter.Result;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads what one client sends. Total: any octets, split anyhow, give requests; nothing throws. Holds back at most one
 * unfinished line. One for each connection, used by one thread.
 *
 * <p>A {@link Request.OneShot} or a {@link Request.Malformed} is a connection's last request: the decoder is not asked for more.
 */
public final class RequestDecoder {
    private final LineSplitter lines = new LineSplitter();
    private boolean session;

    /**
     * Returns the next request.
     *
     * @param in octets as they came; they are consumed up to the request's end, and none of them is kept
     * @return null when all of {@code in} is consumed and the next request needs more
     */
    public @Nullable Request next(ByteBuf in) {
        if (session && !in.isReadable()) {
            return null;
        }
        Result result = lines.next(in);
        return session ? line(result) : first(result);
    }

    /**
     * Refuses the request of which not all has come.
     *
     * @return null if there is none
     */
    public Request.@Nullable Malformed refuseUnfinished(Reply.Refused refusal) {
        return unfinishedOctets() > 0 ? new Request.Malformed(refusal, unfinishedOctets()) : null;
    }

    /** The octets of a request of which not all has come; 0 if there is none. */
    public int unfinishedOctets() {
        return lines.heldOctets();
    }

    /** Whether the client has opened a session. */
    public boolean isInSession() {
        return session;
    }

    /** The first octets choose the form (section 1), as soon as they rule out all others. */
    private @Nullable Request first(Result result) {
        if (lines.beginsWith(HELLO)) {
            return Request.OneShot.INSTANCE;
        }
        if (result == Result.TOO_LONG) {
            return malformed(Reply.Refused.TOO_LONG, lines.octets());
        }
        if (result == Result.NEEDS_MORE) {
            boolean undecided = lines.heldAgreesWith(HELLO) || lines.heldAgreesWith(Wire.ANY_PREFACE);
            return undecided ? null : malformed(Reply.Refused.FIRST, lines.octets());
        }
        if (lines.is(Wire.PREFACE)) {
            session = true;
            return Request.Preface.INSTANCE;
        }
        return malformed(
                lines.startsWith(Wire.ANY_PREFACE) ? Reply.Refused.VERSION : Reply.Refused.FIRST, lines.octets());
    }

    private @Nullable Request line(Result result) {
        return switch (result) {
            case NEEDS_MORE -> null;
            case TOO_LONG -> malformed(Reply.Refused.TOO_LONG, lines.octets());
            case LINE -> {
                if (lines.startsWith(HELLO)) {
                    yield hello();
                }
                yield lines.is(Wire.WHO) ? Request.Who.INSTANCE : malformed(Reply.Refused.LINE, lines.octets());
            }
        };
    }

    private Request hello() {
        int blank = HELLO.length;
        if (lines.length() == blank) {
            return Request.Hello.withoutToken(lines.octets());
        }
        if (lines.at(blank) != ' ') {
            return malformed(Reply.Refused.LINE, lines.octets());
        }
        int token = blank + 1;
        int length = lines.length() - token;
        if (length < 1 || length > Wire.MAX_TOKEN_OCTETS) {
            return malformed(Reply.Refused.TOKEN, lines.octets());
        }
        for (int i = token; i < lines.length(); i++) {
            if (!Wire.isTokenOctet(lines.at(i))) {
                return malformed(Reply.Refused.TOKEN, lines.octets());
            }
        }
        return new Request.Hello(lines.textFrom(token), lines.octets());
    }

    private static Request malformed(Reply.Refused refusal, int octets) {
        return new Request.Malformed(refusal, octets);
    }
}

package dev.greeter.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server sends in a session. Total: any octets give replies; nothing throws. Holds back at most one
 * unfinished line. One for each connection, used by one thread.
 */
public final class ReplyDecoder {
    private final LineSplitter lines = new LineSplitter();

    /** A line was too long, so where the next one begins is not known: all that follows is dropped. */
    private boolean lost;

    /**
     * Returns the next reply.
     *
     * @param in octets as they came; they are consumed up to the reply's end, and none of them is kept
     * @return null when all of {@code in} is consumed and the next reply needs more
     */
    public @Nullable Reply next(ByteBuf in) {
        if (lost) {
            in.skipBytes(in.readableBytes());
        }
        if (!in.isReadable()) {
            return null;
        }
        return switch (lines.next(in)) {
            case NEEDS_MORE -> null;
            case TOO_LONG -> tooLong(in);
            case LINE -> reply();
        };
    }

    private Reply tooLong(ByteBuf in) {
        lost = true;
        in.skipBytes(in.readableBytes());
        return new Reply.Unknown("a line of more than " + Wire.MAX_LINE_OCTETS + " octets");
    }

    /** Whether the server stopped in the middle of a line. */
    public boolean isMidReply() {
        return !lost && lines.heldOctets() > 0;
    }

    private Reply reply() {
        if (lines.is(Wire.WORLD)) {
            return new Reply.World(null);
        }
        if (lines.startsWith(Wire.WORLD) && lines.at(Wire.WORLD.length) == ' ') {
            return new Reply.World(lines.textFrom(Wire.WORLD.length + 1));
        }
        if (lines.startsWith(Wire.NODE)) {
            return new Reply.Node(lines.textFrom(Wire.NODE.length));
        }
        if (lines.is(Wire.BYE)) {
            return Reply.Bye.INSTANCE;
        }
        if (lines.is(Wire.PREFACE)) {
            return Reply.Preface.INSTANCE;
        }
        if (lines.startsWith(Wire.ERROR)) {
            String[] codeAndText = lines.textFrom(Wire.ERROR.length).split(" ", 2);
            return new Reply.Refused(codeAndText[0], codeAndText.length == 2 ? codeAndText[1] : "");
        }
        return new Reply.Unknown(lines.textFrom(0));
    }
}

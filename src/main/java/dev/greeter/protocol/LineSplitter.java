package dev.greeter.protocol;

import static dev.greeter.protocol.Wire.MAX_LINE_OCTETS;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Cuts octets into lines (section 2 of {@code src/docs/protocol.md}), however they were split into segments. Holds back
 * one unfinished line at most, so its memory is bounded by {@link Wire#MAX_LINE_OCTETS}.
 */
final class LineSplitter {
    enum Result {
        LINE,
        NEEDS_MORE,
        TOO_LONG
    }

    /** Lines lie in the chunk itself unless a segment's end cut them: then they are put together here. */
    private @Nullable ByteBuf carry;

    private ByteBuf line = Unpooled.EMPTY_BUFFER;
    private int start;
    private int end;
    private int octets;
    private boolean ended;

    /** Consumes the chunk up to the end of a line, to its own end, or to the longest line's length. */
    Result next(ByteBuf in) {
        ByteBuf held = carry;
        int carried = held == null ? 0 : held.readableBytes();
        int available = in.readableBytes();
        // the terminator, and a CR before it, come on top of the line's own octets
        int window = Math.min(available, MAX_LINE_OCTETS + 2 - carried);
        int from = in.readerIndex();
        int lf = in.indexOf(from, from + window, Wire.LF);
        if (lf < 0) {
            if (window > 0) {
                carry = held == null ? Unpooled.buffer(64, MAX_LINE_OCTETS + 2) : held;
                carry.writeBytes(in, window);
            }
            octets = carried + window;
            ended = false;
            return isTooLong() ? Result.TOO_LONG : Result.NEEDS_MORE;
        }
        octets = carried + lf + 1 - from;
        ended = true;
        if (held == null || carried == 0) {
            line = in;
            start = from;
            end = lf;
            in.readerIndex(lf + 1);
        } else {
            held.writeBytes(in, lf - from);
            in.skipBytes(1);
            line = held;
            start = held.readerIndex();
            end = held.writerIndex();
            held.clear();
        }
        if (end > start && line.getByte(end - 1) == Wire.CR) {
            end--;
        }
        return end - start > MAX_LINE_OCTETS ? Result.TOO_LONG : Result.LINE;
    }

    /** The octets that were read of the last line, whether it has ended or not, its terminator included. */
    int octets() {
        return octets;
    }

    /** Octets of a line that has not ended yet. */
    int heldOctets() {
        return carry == null ? 0 : carry.readableBytes();
    }

    /** The last line's length, its terminator not counted. */
    int length() {
        return end - start;
    }

    /** An octet of the last line. */
    byte at(int index) {
        return line.getByte(start + index);
    }

    boolean startsWith(byte[] word) {
        return length() >= word.length && matches(line, start, word, word.length);
    }

    boolean is(byte[] word) {
        return length() == word.length && startsWith(word);
    }

    /** The last line's octets from an index on, as ASCII. */
    String textFrom(int index) {
        return line.toString(start + index, length() - index, US_ASCII);
    }

    /** Whether the last line starts with this word, whether it has ended or not, and however long it is. */
    boolean beginsWith(byte[] word) {
        return ended ? startsWith(word) : heldOctets() >= word.length && heldAgreesWith(word);
    }

    /** Whether the unfinished line could still become this word, or already starts with it. */
    boolean heldAgreesWith(byte[] word) {
        return carry == null || matches(carry, carry.readerIndex(), word, Math.min(word.length, carry.readableBytes()));
    }

    private boolean isTooLong() {
        ByteBuf held = carry;
        int length = heldOctets();
        return length > MAX_LINE_OCTETS + 1
                || (held != null && length == MAX_LINE_OCTETS + 1 && held.getByte(held.writerIndex() - 1) != Wire.CR);
    }

    private static boolean matches(ByteBuf octets, int from, byte[] word, int length) {
        for (int i = 0; i < length; i++) {
            if (octets.getByte(from + i) != word[i]) {
                return false;
            }
        }
        return true;
    }
}

package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * What one server sends, whole and in segments, gives a reply for each line up to the first that is too long, of the kind that
 * its first word says; and a reply is written as the line that it was read from.
 */
public final class RepliesFuzz {
    private RepliesFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        List<String> lines = new ArrayList<>();
        boolean midReply = expected(new String(octets, ISO_8859_1), lines);
        check(lines, midReply, octets, Math.max(1, octets.length));
        check(lines, midReply, octets, 1 + octets.length % 7);
    }

    /** Adds each line; returns whether there is the beginning of another one. */
    private static boolean expected(String text, List<String> lines) {
        String rest = text;
        while (!rest.isEmpty()) {
            int end = rest.indexOf('\n');
            String line = end < 0 ? rest : rest.substring(0, end);
            boolean mayGoOn = end < 0 && line.length() == Wire.MAX_LINE_OCTETS + 1;
            String said = line.endsWith("\r") && (end >= 0 || mayGoOn) ? line.substring(0, line.length() - 1) : line;
            if (said.length() > Wire.MAX_LINE_OCTETS) {
                lines.add("a line of more than 256 octets");
                return false;
            }
            if (end < 0) {
                return true;
            }
            lines.add(said);
            rest = rest.substring(end + 1);
        }
        return false;
    }

    private static void check(List<String> lines, boolean midReply, byte[] octets, int segment) {
        ReplyDecoder decoder = new ReplyDecoder();
        int read = 0;
        for (int from = 0; from < octets.length; from += segment) {
            ByteBuf in = Unpooled.wrappedBuffer(octets, from, Math.min(segment, octets.length - from));
            for (Reply reply = decoder.next(in); reply != null; reply = decoder.next(in)) {
                if (read == lines.size()) {
                    throw new AssertionError("one more: " + reply);
                }
                check(lines.get(read++), reply);
            }
            if (in.isReadable()) {
                throw new AssertionError("octets are left: " + in.readableBytes());
            }
        }
        if (read != lines.size() || decoder.isMidReply() != midReply) {
            throw new AssertionError("expected " + lines + ", read " + read + ", in the middle of a reply: "
                    + decoder.isMidReply() + ", in segments of " + segment);
        }
    }

    private static void check(String line, Reply reply) {
        ByteBuf written = Unpooled.buffer(300);
        reply.writeTo(written);
        String again = written.toString(ISO_8859_1);
        // a refusal without a text gets a blank
        boolean same = again.equals(line + "\n")
                || (reply instanceof Reply.Refused refused && refused.text().isEmpty() && again.equals(line + " \n"));
        if (!same || !kind(line).isInstance(reply)) {
            throw new AssertionError("read " + line + " as " + reply + ", written as " + again);
        }
        if (reply instanceof Reply.Node node && !line.equals("Node " + node.name())) {
            throw new AssertionError(line + " names " + node.name());
        }
    }

    private static Class<? extends Reply> kind(String line) {
        if (line.equals("GREETING/2")) {
            return Reply.Preface.class;
        }
        if (line.equals("Bye")) {
            return Reply.Bye.class;
        }
        if (line.equals("World") || line.startsWith("World ")) {
            return Reply.World.class;
        }
        if (line.startsWith("Node ")) {
            return Reply.Node.class;
        }
        return line.startsWith("Error ") ? Reply.Refused.class : Reply.Unknown.class;
    }
}

package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one client sends, whole and in segments, means what a plain reading of {@code protocol.md} finds; what it means is
 * written as the same octets; and no more than one unfinished line is held.
 */
public final class RequestsFuzz {
    private static final String EITHER = "bad-greeting or too-long";

    private RequestsFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        Model expected = new Model(new String(octets, ISO_8859_1));
        expected.read();
        check(expected, octets, Math.max(1, octets.length));
        // whatever the octets are, many sizes occur
        check(expected, octets, 1 + octets.length % 7);
    }

    private static void check(Model expected, byte[] octets, int segment) {
        RequestDecoder decoder = new RequestDecoder();
        List<String> read = new ArrayList<>();
        boolean over = false;
        ByteBuf in = Unpooled.wrappedBuffer(octets);
        for (int from = 0; from < octets.length && !over; from += segment) {
            in.setIndex(from, Math.min(from + segment, octets.length));
            for (Request request = decoder.next(in); request != null && !over; ) {
                read.add(meaning(request));
                over = request instanceof Request.OneShot || request instanceof Request.Malformed;
                request = over ? null : decoder.next(in);
            }
            if (!over && in.isReadable()) {
                throw new AssertionError("octets are left: " + in.readableBytes());
            }
            if (decoder.unfinishedOctets() > Wire.MAX_LINE_OCTETS + 2) {
                throw new AssertionError("held are " + decoder.unfinishedOctets());
            }
        }
        if (!same(expected.requests, read)) {
            throw new AssertionError("expected " + expected.requests + ", read " + read + " in segments of " + segment);
        }
        if (!over && decoder.unfinishedOctets() != expected.unfinished) {
            throw new AssertionError("expected " + expected.unfinished + " octets of an unfinished line, held are "
                    + decoder.unfinishedOctets());
        }
    }

    private static boolean same(List<String> expected, List<String> read) {
        if (expected.size() != read.size()) {
            return false;
        }
        for (int i = 0; i < read.size(); i++) {
            String one = expected.get(i);
            // section 6 allows either code
            boolean same = one.equals(EITHER)
                    ? read.get(i).equals("bad-greeting") || read.get(i).equals("too-long")
                    : one.equals(read.get(i));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** The line as it is written, and the octets that were read of it; of a refusal its code. */
    private static String meaning(Request request) {
        ByteBuf line = Unpooled.buffer(80);
        if (request instanceof Request.Malformed malformed) {
            if (malformed.octets() < 1 || malformed.octets() > Wire.MAX_LINE_OCTETS + 2) {
                throw new AssertionError(malformed);
            }
            return malformed.refusal().code();
        }
        if (request instanceof Request.OneShot) {
            RequestWriter.oneShot(line);
            return line.toString(ISO_8859_1);
        }
        int octets = 0;
        if (request instanceof Request.Hello hello) {
            octets = hello.octets();
            if (hello.token() == null) {
                return "Hello\n" + octets;
            }
            RequestWriter.hello(line, hello.token());
        } else if (request instanceof Request.Who) {
            RequestWriter.who(line);
        } else {
            RequestWriter.preface(line);
        }
        return line.toString(ISO_8859_1) + (octets == 0 ? "" : octets);
    }

    /** A reading of {@code protocol.md}, sections 1 to 6, in terms of whole texts. */
    private static final class Model {
        private static final Pattern HELLO = Pattern.compile("Hello(?: [!-~]{1,64})?");

        final List<String> requests = new ArrayList<>();
        int unfinished;
        private String rest;

        Model(String text) {
            rest = text;
        }

        void read() {
            if (rest.startsWith("Hello")) {
                requests.add("Hello");
                return;
            }
            boolean mayBePreface = rest.startsWith("GREETING/");
            boolean undecided = mayBePreface || "GREETING/".startsWith(rest) || "Hello".startsWith(rest);
            int before = rest.length();
            String line = line();
            if (line == null) {
                if (!undecided) {
                    requests.add(isTooLong(rest) ? EITHER : "bad-greeting");
                } else if (isTooLong(rest)) {
                    requests.add("too-long");
                } else {
                    unfinished = before;
                }
            } else if (line.length() > Wire.MAX_LINE_OCTETS) {
                requests.add(mayBePreface ? "too-long" : EITHER);
            } else if (line.equals("GREETING/2")) {
                requests.add("GREETING/2\n");
                session();
            } else {
                requests.add(mayBePreface ? "bad-version" : "bad-greeting");
            }
        }

        private void session() {
            while (true) {
                int before = rest.length();
                String line = line();
                if (line == null) {
                    if (isTooLong(rest)) {
                        requests.add("too-long");
                    } else {
                        unfinished = before;
                    }
                    return;
                }
                String meaning = meaning(line, before - rest.length());
                requests.add(meaning);
                if (!meaning.contains("\n")) {
                    return;
                }
            }
        }

        private static String meaning(String line, int octets) {
            if (line.length() > Wire.MAX_LINE_OCTETS) {
                return "too-long";
            }
            if (line.equals("Who")) {
                return "Who\n";
            }
            return HELLO.matcher(line).matches() ? line + "\n" + octets : "bad-greeting";
        }

        /** Takes a line with its terminator; null if there is none. */
        private @Nullable String line() {
            int end = rest.indexOf('\n');
            if (end < 0) {
                return null;
            }
            String line = rest.substring(0, end);
            rest = rest.substring(end + 1);
            return line.endsWith("\r") ? line.substring(0, end - 1) : line;
        }

        /** A line without end: a CR at its end may be a part of the terminator. */
        private static boolean isTooLong(String unended) {
            int length = unended.length();
            return length > Wire.MAX_LINE_OCTETS + 1 || (length > Wire.MAX_LINE_OCTETS && !unended.endsWith("\r"));
        }
    }
}

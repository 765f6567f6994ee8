package dev.greeter.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What one client sends, whole and in segments, gives the same requests; each that is passed on has a head in the one form that
 * the code behind expects; and nothing is passed on behind one that is refused.
 */
public final class HeadFuzz {
    private static final String ENCODED = "%[0-9A-Fa-f]{2}";
    private static final String CHARACTERS = "[A-Za-z0-9._~!$&'()*+,;=:@/-]|" + ENCODED;
    private static final Pattern TARGET =
            Pattern.compile("/(?:" + CHARACTERS + ")*+(?:\\?(?:" + CHARACTERS + "|\\?)*+)?");
    private static final Pattern HOST =
            Pattern.compile("(?:\\[[0-9A-Fa-f:]+]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|" + ENCODED + ")+)(?::[0-9]*)?");
    private static final Pattern METHOD = Pattern.compile("GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE");

    private HeadFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        String whole = read(octets, Math.max(1, octets.length));
        String segmented = read(octets, 1 + octets.length % 7);
        if (!whole.equals(segmented)) {
            throw new AssertionError("whole " + whole + ", in segments " + segmented);
        }
    }

    private static String read(byte[] octets, int segment) {
        EmbeddedChannel channel = new EmbeddedChannel(
                new HttpRequestDecoder(new HttpDecoderConfig()
                        .setMaxInitialLineLength(HeadCheck.MAX_LINE_OCTETS)
                        .setMaxHeaderSize(HeadCheck.MAX_HEADER_OCTETS)),
                new HeadCheck());
        StringBuilder read = new StringBuilder();
        boolean refused = false;
        try {
            for (int from = 0; from < octets.length; from += segment) {
                channel.writeInbound(Unpooled.copiedBuffer(octets, from, Math.min(segment, octets.length - from)));
                for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
                    if (refused && message instanceof HttpRequest) {
                        throw new AssertionError("there is more behind a refused request: " + message);
                    }
                    refused |= append(message, read);
                    ReferenceCountUtil.release(message);
                }
            }
        } finally {
            channel.finishAndReleaseAll();
        }
        return read.toString();
    }

    /** Returns whether the message is a request that is refused. */
    private static boolean append(Object message, StringBuilder read) {
        boolean refused = false;
        if (message instanceof HttpRequest head) {
            refused = head.decoderResult().isFailure();
            if (refused) {
                read.append("\nrefused ")
                        .append(head.decoderResult().cause().getClass().getSimpleName());
            } else {
                check(head);
                read.append('\n')
                        .append(head.method())
                        .append(' ')
                        .append(head.uri())
                        .append(' ');
                read.append(head.protocolVersion())
                        .append(head.headers().entries())
                        .append('\n');
            }
        }
        if (message instanceof HttpContent content) {
            read.append(content.content().toString(ISO_8859_1));
            if (content.decoderResult().isFailure()) {
                read.append("\nbroken");
            }
            if (message instanceof LastHttpContent last) {
                read.append("\nend ").append(last.trailingHeaders().entries());
            }
        }
        return refused;
    }

    private static void check(HttpRequest head) {
        String method = head.method().name();
        List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
        boolean hosted = hosts.isEmpty()
                ? head.protocolVersion().text().equals("HTTP/1.0")
                : hosts.size() == 1
                        && (hosts.get(0).isEmpty() || HOST.matcher(hosts.get(0)).matches());
        boolean targeted = TARGET.matcher(head.uri()).matches() || (head.uri().equals("*") && method.equals("OPTIONS"));
        boolean framed = !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!METHOD.matcher(method).matches()
                || !head.protocolVersion().text().matches("HTTP/1\\.[01]")
                || !hosted
                || !targeted
                || !framed
                || head.headers().names().stream().anyMatch(name -> !name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+"))
                || head.headers().entries().stream()
                        .anyMatch(field -> !field.getValue().matches("[\t -~\\x80-\\xff]*"))) {
            throw new AssertionError("passed on: " + head);
        }
    }
}

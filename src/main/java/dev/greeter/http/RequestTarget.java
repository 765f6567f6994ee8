package dev.greeter.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** What can be told of a request that was read. */
public final class RequestTarget {
    private static final String PAGE = "/";

    /** What OPTIONS has for the server as a whole (RFC 9112, section 3.2.4). */
    static final String SERVER_WIDE = "*";

    /** What Netty makes of a request line that it could not read. */
    static final String UNREADABLE = "/bad-request";

    private static final int LINE_FIXED_OCTETS = " ".length() + " HTTP/1.1\r\n".length();
    private static final int FIELD_FIXED_OCTETS = ": ".length() + "\r\n".length();
    private static final int END_OCTETS = "\r\n".length();

    private RequestTarget() {}

    /** Whether it is for the page, or what it is for cannot be told. */
    public static boolean mayBePage(HttpServerRequest request) {
        String path = request.path();
        return PAGE.equals(path)
                || (UNREADABLE.equals(path) && request.decoderResult().isFailure());
    }

    static boolean isServerWide(HttpServerRequest request) {
        return SERVER_WIDE.equals(request.uri());
    }

    /** How many octets it took, with one blank between the parts of its lines. */
    public static int octets(HttpServerRequest request) {
        int octets = request.method().name().length() + request.uri().length() + LINE_FIXED_OCTETS + END_OCTETS;
        for (Map.Entry<String, String> field : request.headers()) {
            octets += field.getKey().length() + field.getValue().length() + FIELD_FIXED_OCTETS;
        }
        return octets + (int) Math.min(request.bytesRead(), Integer.MAX_VALUE - octets);
    }
}

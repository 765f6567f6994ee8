package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.CONNECTION;
import static io.vertx.core.http.HttpHeaders.HOST;
import static io.vertx.core.http.HttpHeaders.TRANSFER_ENCODING;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests whose heads Netty could read but HTTP forbids (RFC 9110 and RFC 9112), in the order in which it matters;
 * Vert.x would serve them, or respond past our handlers. Netty refuses malformed lines, names and values, and ambiguous
 * framing. One for each connection, between Netty's decoder and Vert.x.
 */
public final class HeadCheck extends ChannelInboundHandlerAdapter {
    static final int MAX_LINE_OCTETS = 4_096;
    static final int MAX_HEADER_OCTETS = 8_192;

    /** Of a head and of the trailers of its request. A browser behind a mesh sends about forty. */
    static final int MAX_FIELDS = 100;

    static final Http1ServerConfig LIMITS =
            new Http1ServerConfig().setMaxInitialLineLength(MAX_LINE_OCTETS).setMaxHeaderSize(MAX_HEADER_OCTETS);

    static final Problem MALFORMED = new Problem(400, "This is not an HTTP/1.1 request.", true);

    private static final Problem VERSION = new Problem(505, "This server speaks HTTP/1.1 and HTTP/1.0.", true);
    private static final Problem METHOD = new Problem(501, "This server does not know the request's method.", true);
    private static final Problem TARGET = new Problem(400, "The request's target is malformed.", true);
    private static final Problem HOST_ABSENT = new Problem(400, "An HTTP/1.1 request needs the header host.", true);
    private static final Problem HOST_TWICE = new Problem(400, "The header host occurs twice.", true);
    private static final Problem HOST_MALFORMED =
            new Problem(400, "The header host is no name or address with or without a port.", true);
    private static final Problem CODING = new Problem(501, "This server knows no transfer coding but chunked.", true);
    private static final Problem EXPECTATION =
            new Problem(417, "This server meets no expectation but 100-continue.", true);

    /** The methods of RFC 9110, section 9.3, except CONNECT, and PATCH (RFC 5789). A resource may still not allow one. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    /** Netty's target of a request whose line it could not read. */
    private static final String UNREADABLE = "/bad-request";

    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]*)(.*)");
    private static final int AUTHORITY = 1;
    private static final int PATH_AND_QUERY = 2;

    private boolean refused;

    /** Returns whether a request's target stands for the server as a whole (RFC 9112, section 3.2.4). */
    static boolean isServerWide(String target) {
        return target.equals("*");
    }

    /** Returns whether a request that failed to decode may be for any path, because its target could not be read. */
    public static boolean isTargetUnknown(HttpServerRequest request) {
        return UNREADABLE.equals(request.path()) && request.decoderResult().isFailure();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            // where the refused request ends is not certain
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest head) {
            check(head);
        }
        context.fireChannelRead(message);
    }

    private void check(HttpRequest head) {
        @Nullable Problem broken = head.decoderResult().isSuccess() ? broken(head) : null;
        if (broken != null) {
            head.setDecoderResult(DecoderResult.failure(new Problem.RefusedException(broken)));
        }
        refused = head.decoderResult().isFailure();
        if (refused) {
            toSpokenVersion(head);
            // Vert.x would ask for the body of a request that is refused without it
            head.headers().remove(HttpHeaderNames.EXPECT);
        }
    }

    /**
     * Returns the first rule that the head breaks, or null. Brings the head into the form that all later code expects: the
     * version is one that this server speaks, the target is a path and query, Host has its host, with an IPv6 address in
     * groups only, and a close is the only option of Connection.
     */
    private static @Nullable Problem broken(HttpRequest head) {
        // Vert.x lets a field without a name pass
        if (!isLineOfThree(head) || head.headers().contains("") || hasHiddenBody(head)) {
            return MALFORMED;
        }
        Problem version = version(head);
        if (version != null) {
            return version;
        }
        if (!METHODS.contains(head.method().name())) {
            return METHOD;
        }
        if (!hasTarget(head)) {
            head.setUri(UNREADABLE);
            return TARGET;
        }
        Problem host = host(head);
        if (host != null) {
            return host;
        }
        toOriginForm(head);
        toGroupsAlone(head);
        toOneOption(head);
        // Netty has refused those that do not end with chunked
        if (!areAll(head, TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)) {
            return CODING;
        }
        boolean mayExpect = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
        return mayExpect && !areAll(head, HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE) ? EXPECTATION : null;
    }

    /** Netty accepts whitespace of any kind and length between the words, where the grammar has one blank. */
    private static boolean isLineOfThree(HttpRequest head) {
        int octets = head.method().name().length()
                + head.uri().length()
                + head.protocolVersion().text().length()
                + 2 * " ".length();
        return !(head.decoderResult() instanceof HttpMessageDecoderResult read) || read.initialLineLength() == octets;
    }

    @SuppressWarnings(
            "ReferenceEquality") // Netty has one object for each version, and creates others for similar spellings
    private static @Nullable Problem version(HttpRequest head) {
        HttpVersion version = head.protocolVersion();
        if (version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0) {
            return null;
        }
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0) || !isVersion(version)) {
            return MALFORMED;
        }
        // a higher minor version is served as the highest there is (RFC 9110, section 2.5)
        return version.majorVersion() == 1 ? null : VERSION;
    }

    /** Vert.x begins its response with the protocol and version of the request, whatever they are. */
    private static void toSpokenVersion(HttpRequest head) {
        if (!head.protocolVersion().text().equals(HttpVersion.HTTP_1_0.text())) {
            head.setProtocolVersion(HttpVersion.HTTP_1_1);
        }
    }

    private static boolean isVersion(HttpVersion version) {
        return version.protocolName().equals("HTTP") && version.majorVersion() < 10 && version.minorVersion() < 10;
    }

    /** For a draft of WebSockets, Netty reads a body of eight octets that no field announces. */
    private static boolean hasHiddenBody(HttpRequest head) {
        return head.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                && head.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2);
    }

    /** RFC 9112, section 3.2. */
    private static @Nullable Problem host(HttpRequest head) {
        List<String> hosts = head.headers().getAll(HOST);
        if (hosts.isEmpty()) {
            return head.protocolVersion().equals(HttpVersion.HTTP_1_0) ? null : HOST_ABSENT;
        }
        if (hosts.size() > 1) {
            return HOST_TWICE;
        }
        String host = hosts.get(0);
        return host.isEmpty() || UriSyntax.isHostAndPort(host) ? null : HOST_MALFORMED;
    }

    /** RFC 9112, sections 3.2.1 to 3.2.4; a target that is only an authority belongs to CONNECT. */
    private static boolean hasTarget(HttpRequest head) {
        String target = head.uri();
        if (isServerWide(target)) {
            return head.method().name().equals("OPTIONS");
        }
        if (isOriginForm(target)) {
            return UriSyntax.isPathAndQuery(target);
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        return absolute.matches()
                && UriSyntax.isHostAndPort(absolute.group(AUTHORITY))
                && UriSyntax.isPathAndQuery(pathAndQuery(absolute));
    }

    /** Nearly all targets are: it is cheaper to see than that a target is not absolute. */
    private static boolean isOriginForm(String target) {
        return target.startsWith("/");
    }

    /** The host in an absolute target replaces Host (RFC 9112, section 3.2.2). */
    private static void toOriginForm(HttpRequest head) {
        if (isOriginForm(head.uri())) {
            return;
        }
        Matcher absolute = ABSOLUTE.matcher(head.uri());
        if (absolute.matches()) {
            head.headers().set(HOST, absolute.group(AUTHORITY));
            head.setUri(pathAndQuery(absolute));
        }
    }

    /** Vert.x does not accept an IPv6 address that ends with an IPv4 address. */
    private static void toGroupsAlone(HttpRequest head) {
        String host = head.headers().get(HOST);
        if (host != null && host.startsWith("[")) {
            head.headers().set(HOST, UriSyntax.inGroupsAlone(host));
        }
    }

    private static String pathAndQuery(Matcher absolute) {
        String pathAndQuery = absolute.group(PATH_AND_QUERY);
        return pathAndQuery.startsWith("/") ? pathAndQuery : "/" + pathAndQuery;
    }

    /** RFC 9112, section 9.3; Vert.x sees a close only where it is the only option. */
    private static void toOneOption(HttpRequest head) {
        if (!head.headers().contains(CONNECTION)) {
            return;
        }
        boolean closes = head.headers().getAll(CONNECTION).stream()
                .flatMap(HeadCheck::members)
                .anyMatch(option -> option.equalsIgnoreCase(HttpHeaderValues.CLOSE.toString()));
        if (closes) {
            head.headers().set(CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private static boolean areAll(HttpRequest head, CharSequence name, CharSequence value) {
        return !head.headers().contains(name)
                || head.headers().getAll(name).stream()
                        .flatMap(HeadCheck::members)
                        .allMatch(member -> member.equalsIgnoreCase(value.toString()));
    }

    /** Returns the members of a list, without empty ones (RFC 9110, section 5.6.1). */
    private static Stream<String> members(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).filter(member -> !member.isEmpty());
    }
}

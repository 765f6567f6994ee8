package dev.greeter.tracing;

import dev.greeter.config.value.HostPort;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.tracing.TagExtractor;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The attributes of an HTTP request that are known when its span begins, by OpenTelemetry's conventions for HTTP. */
final class HttpRequestTags implements TagExtractor<HttpServerRequest> {
    static final HttpRequestTags INSTANCE = new HttpRequestTags();

    /** A client may make up any other method, and names of spans must be few. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private record Tag(String name, Function<HttpServerRequest, @Nullable String> value) {}

    private static final List<Tag> TAGS = List.of(
            new Tag("http.request.method", request -> isKnown(request) ? method(request) : "_OTHER"),
            new Tag("url.scheme", HttpServerRequest::scheme),
            new Tag("url.path", HttpServerRequest::path),
            new Tag("url.query", HttpServerRequest::query),
            new Tag("client.address", request -> address(request.remoteAddress())),
            new Tag("user_agent.original", request -> request.getHeader(HttpHeaders.USER_AGENT)));

    private HttpRequestTags() {}

    /** The method in the name of a span. */
    static String method(HttpServerRequest request) {
        return isKnown(request) ? request.method().name() : "HTTP";
    }

    private static boolean isKnown(HttpServerRequest request) {
        return METHODS.contains(request.method().name());
    }

    /** The address of a peer; an IPv6 address without brackets, by the convention. */
    private static @Nullable String address(@Nullable SocketAddress address) {
        String literal = address == null ? null : address.hostAddress();
        return literal != null && literal.contains(":") ? HostPort.host("[" + literal + "]") : literal;
    }

    @Override
    public int len(HttpServerRequest request) {
        return TAGS.size();
    }

    @Override
    public String name(HttpServerRequest request, int index) {
        return TAGS.get(index).name();
    }

    @Override
    @SuppressWarnings("NullAway") // an attribute without a value is left out
    public String value(HttpServerRequest request, int index) {
        return TAGS.get(index).value().apply(request);
    }
}

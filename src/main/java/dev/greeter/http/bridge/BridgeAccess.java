package dev.greeter.http.bridge;

import dev.greeter.config.Config;
import dev.greeter.config.value.Origin;
import dev.greeter.net.ConnectionLimit;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocketServerConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The origins, limits and unsent replies of the event bus bridge, which all instances of its server share. Thread-safe. */
public final class BridgeAccess {
    private static final CharSequence FORWARDED_PROTO = HttpHeaders.createOptimized("x-forwarded-proto");

    private final ConnectionLimit webSocketLimit;
    private final UnsentText unsent = new UnsentText();
    private volatile Current current;

    /** Values that change together. */
    private record Current(Config.Bridge config, Set<Origin> origins) {
        private static Current of(Config.Bridge config) {
            return new Current(
                    config,
                    config.origins().stream()
                            .map(Origin::of)
                            .flatMap(Optional::stream)
                            .collect(Collectors.toSet()));
        }
    }

    /** Creates the access that the configuration allows. */
    public BridgeAccess(Config.Bridge config) {
        current = Current.of(config);
        webSocketLimit = new ConnectionLimit(config.maxConnections());
    }

    /** Changes the limits and the origins for clients that connect from now on; the size of messages stays. */
    public void change(Config.Bridge changed) {
        current = Current.of(changed);
        webSocketLimit.change(changed.maxConnections());
    }

    /** Whether the request comes from no page, from one of this service, or from one of an allowed origin (RFC 6454). */
    boolean allowsOrigin(HttpServerRequest request) {
        List<String> origins = request.headers().getAll(HttpHeaders.ORIGIN);
        if (origins.isEmpty()) {
            return true;
        }
        Current now = current;
        return origins.size() == 1
                && Origin.of(origins.get(0))
                        .filter(origin -> now.origins().contains(origin) || isOwn(origin, request, now.config()))
                        .isPresent();
    }

    private static boolean isOwn(Origin origin, HttpServerRequest request, Config.Bridge config) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        return hosts.size() == 1
                && schemes(request, config)
                        .anyMatch(scheme -> Origin.of(scheme + "://" + hosts.get(0))
                                .filter(origin::equals)
                                .isPresent());
    }

    /** Returns the schemes by which a page of this service may have been loaded. */
    private static Stream<String> schemes(HttpServerRequest request, Config.Bridge config) {
        if (!config.trustForwardedProto()) {
            // TLS may end at a proxy
            return Stream.of("http", "https");
        }
        String forwarded = request.getHeader(FORWARDED_PROTO);
        if (forwarded == null) {
            return Stream.of(request.isSSL() ? "https" : "http");
        }
        // the first value is the first proxy's; some proxies have the schemes of WebSockets
        return switch (forwarded.split(",", 2)[0].strip().toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> Stream.of("https");
            case "http", "ws" -> Stream.of("http");
            default -> Stream.empty();
        };
    }

    /** The limit of open WebSockets. */
    ConnectionLimit webSocketLimit() {
        return webSocketLimit;
    }

    UnsentText unsent() {
        return unsent;
    }

    /** Returns the limits of WebSockets, for Vert.x. */
    public WebSocketServerConfig webSockets() {
        return new WebSocketServerConfig().setMaxFrameSize(maxMessageOctets()).setMaxMessageSize(maxMessageOctets());
    }

    int maxMessageOctets() {
        return current.config().maxMessageSize();
    }

    int maxMessagesPerSecond() {
        return current.config().maxMessagesPerSecond();
    }
}

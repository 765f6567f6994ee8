package dev.greeter.http.bridge;

import dev.greeter.config.Config;
import dev.greeter.config.Origin;
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

/** Who may use the event bus bridge, and how much of it: what all instances of its server share. Thread-safe. */
public final class BridgeAccess {
    private static final CharSequence FORWARDED_PROTO = HttpHeaders.createOptimized("x-forwarded-proto");

    private final ConnectionLimit places;
    private volatile Current current;

    /** What changes together. */
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

    public BridgeAccess(Config.Bridge config) {
        current = Current.of(config);
        places = new ConnectionLimit(config.maxConnections());
    }

    /** Changes the limits and the origins for those who connect from now on; the size of messages stays. */
    public void change(Config.Bridge changed) {
        current = Current.of(changed);
        places.change(changed.maxConnections());
    }

    /** Whether the page that asks, if it is one, is the service's own or of an origin that may (RFC 6454). */
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

    /** Those that a page of this service may have been loaded by. */
    private static Stream<String> schemes(HttpServerRequest request, Config.Bridge config) {
        if (!config.trustForwardedProto()) {
            // TLS may end in front of us
            return Stream.of("http", "https");
        }
        String forwarded = request.getHeader(FORWARDED_PROTO);
        if (forwarded == null) {
            return Stream.of(request.isSSL() ? "https" : "http");
        }
        // the first proxy's word comes first, and some speak of WebSockets
        return switch (forwarded.split(",", 2)[0].strip().toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> Stream.of("https");
            case "http", "ws" -> Stream.of("http");
            default -> Stream.empty();
        };
    }

    /** For one WebSocket each. */
    ConnectionLimit places() {
        return places;
    }

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

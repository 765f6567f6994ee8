package dev.greeter.web;

import dev.greeter.config.Config;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocketServerConfig;
import java.util.List;

/** Who may use the event bus bridge, and how much of it: what all instances of its server share. Thread-safe. */
public final class BridgeAccess {
    private final Places places;
    private volatile Config.Bridge config;

    public BridgeAccess(Config.Bridge config) {
        this.config = config;
        places = new Places(config.maxConnections());
    }

    /** Changes the limits and the origins for those who connect from now on; the size of messages stays. */
    public void change(Config.Bridge changed) {
        config = changed;
        places.most(changed.maxConnections());
    }

    /**
     * Whether the page that asks, if it is one, is the service's own or of an origin that may (RFC 6454). The scheme is not
     * compared: in front of us it may be TLS.
     */
    boolean allowsOrigin(HttpServerRequest request) {
        List<String> origins = request.headers().getAll(HttpHeaders.ORIGIN);
        if (origins.isEmpty()) {
            return true;
        }
        String origin = origins.get(0);
        String host = request.getHeader(HttpHeaders.HOST);
        return origins.size() == 1
                && (config.origins().contains(origin)
                        || origin.equalsIgnoreCase("http://" + host)
                        || origin.equalsIgnoreCase("https://" + host));
    }

    /** For one WebSocket each. */
    Places places() {
        return places;
    }

    WebSocketServerConfig webSockets() {
        return new WebSocketServerConfig()
                .setMaxFrameSize(config.maxMessageSize())
                .setMaxMessageSize(config.maxMessageSize());
    }

    int maxMessageOctets() {
        return config.maxMessageSize();
    }

    WebSocketGuard guard() {
        return new WebSocketGuard(config.maxMessagesPerSecond());
    }
}

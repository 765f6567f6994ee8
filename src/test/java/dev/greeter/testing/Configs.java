package dev.greeter.testing;

import dev.greeter.config.Config;
import dev.greeter.config.ProxyProtocol;
import dev.greeter.config.Tls;
import java.time.Duration;
import java.util.List;

/** Sections of the configuration, in clear text and without proxies. */
public final class Configs {
    public static final Tls CLEAR = new Tls("", "", "", List.of());
    public static final ProxyProtocol NO_PROXY = new ProxyProtocol(List.of());

    private Configs() {}

    public static Config.Greeting greeting(
            String host, int port, int instances, int maxConnections, Duration handshake, Duration idle) {
        return new Config.Greeting(host, port, instances, maxConnections, handshake, idle, CLEAR, NO_PROXY);
    }

    public static Config.Http http(
            String host, int port, int instances, int maxConnections, Duration idle, Duration request) {
        return new Config.Http(host, port, instances, maxConnections, idle, request, CLEAR, NO_PROXY);
    }

    public static Config.Management management(String host, int port) {
        return new Config.Management(host, port, CLEAR);
    }
}

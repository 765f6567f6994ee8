package dev.greeter.probe.measure;

import dev.greeter.bus.Protocol;
import dev.greeter.client.GreetingTarget;
import dev.greeter.client.Url;
import dev.greeter.config.value.HostPort;

/**
 * A server that exchanges are made with: a greeting server, or a URL.
 *
 * @param name in reports
 * @param host a name in ASCII, or an address without brackets
 * @param path path and query, as an HTTP request line has them; empty for the greeting protocol
 */
public record Target(String name, Protocol protocol, String host, int port, boolean tls, String path) {
    /** A greeting server in plain. */
    public static Target greeting(HostPort server) {
        return greeting(new GreetingTarget(false, server));
    }

    public static Target greeting(GreetingTarget target) {
        HostPort server = target.server();
        return new Target(target.toString(), Protocol.GREETING, server.host(), server.port(), target.isTls(), "");
    }

    public static Target http(Url url) {
        HostPort server = url.server();
        return new Target(url.toString(), Protocol.HTTP, server.host(), server.port(), url.isTls(), url.target());
    }

    /** Whether both name one server and path, however they write its host. */
    public boolean isSame(Target other) {
        return protocol == other.protocol
                && host.equalsIgnoreCase(other.host)
                && port == other.port
                && tls == other.tls
                && path.equals(other.path);
    }

    /** The value of a {@code Host} field. */
    public String authority() {
        return Url.authority(new HostPort(host, port), tls);
    }
}

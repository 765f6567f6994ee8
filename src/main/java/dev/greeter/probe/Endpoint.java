package dev.greeter.probe;

import dev.greeter.bus.Protocol;

/**
 * A place that answers.
 *
 * @param name as the user gave it
 * @param host a name, or an address without brackets
 * @param path path and query, as an HTTP request line has them; empty for the greeting protocol
 */
public record Endpoint(String name, Protocol protocol, String host, int port, boolean tls, String path) {
    public static Endpoint greeting(String host, int port) {
        return new Endpoint(authority(host, port), Protocol.GREETING, host, port, false, "");
    }

    public static Endpoint http(String host, int port, boolean tls, String path) {
        String scheme = tls ? "https://" : "http://";
        return new Endpoint(scheme + authority(host, port) + path, Protocol.HTTP, host, port, tls, path);
    }

    /** Host and port, as a {@code Host} header has them. */
    String authority() {
        return authority(host, port);
    }

    private static String authority(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}

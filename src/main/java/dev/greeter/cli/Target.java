package dev.greeter.cli;

import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code HOST[:PORT]}. */
final class Target implements ITypeConverter<HostAndPort> {
    private static final int DEFAULT_PORT = 1234;
    static final int MAX_PORT = 65_535;

    @Override
    public HostAndPort convert(String text) {
        HostAndPort target = HostAndPort.parseAuthority(text, DEFAULT_PORT);
        if (target == null || target.host().isEmpty() || target.port() < 1 || target.port() > MAX_PORT) {
            throw new TypeConversionException(
                    Why.quoted(text) + " is not HOST or HOST:PORT, such as localhost:1234, 10.0.0.7 or [::1]:1234");
        }
        return target;
    }

    /** Where to connect: an IPv6 address stands in brackets only where a port may follow. */
    static SocketAddress address(HostAndPort target) {
        String host = target.host();
        return SocketAddress.inetSocketAddress(
                target.port(), host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }
}

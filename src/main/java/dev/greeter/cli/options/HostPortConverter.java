package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import dev.greeter.client.Url;
import dev.greeter.config.HostPort;
import io.vertx.core.net.SocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code HOST[:PORT]}. */
public final class HostPortConverter implements ITypeConverter<HostPort> {
    private static final int DEFAULT_PORT = 1234;

    @Override
    public HostPort convert(String text) {
        try {
            if (Url.scheme(text).isPresent()) {
                throw new IllegalArgumentException("it has a scheme");
            }
            return HostPort.parse(text, DEFAULT_PORT).withLocalZone();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(TerminalText.quoted(text)
                    + " is not HOST[:PORT], such as localhost:1234 or [::1]:1234: " + e.getMessage());
        }
    }

    public static SocketAddress address(HostPort target) {
        return SocketAddress.inetSocketAddress(target.port(), target.host());
    }
}

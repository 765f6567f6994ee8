package dev.greeter.cli;

import io.vertx.core.net.HostAndPort;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code [HOST:]PORT} to listen on; without a host it is every interface. */
final class MetricsAddress implements ITypeConverter<HostAndPort> {
    private static final String EVERY_INTERFACE = "0.0.0.0";

    @Override
    public HostAndPort convert(String text) {
        HostAndPort address = HostAndPort.parseAuthority(text.contains(":") ? text : EVERY_INTERFACE + ":" + text, -1);
        if (address == null || address.host().isEmpty() || address.port() < 0 || address.port() > Target.MAX_PORT) {
            throw new TypeConversionException(
                    Why.quoted(text) + " is not PORT or HOST:PORT to listen on, such as 9091 or 127.0.0.1:9091");
        }
        return address;
    }
}

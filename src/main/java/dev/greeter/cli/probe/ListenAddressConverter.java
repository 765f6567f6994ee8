package dev.greeter.cli.probe;

import dev.greeter.client.TerminalText;
import dev.greeter.config.value.HostPort;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code [HOST:]PORT} to listen on; without a host it is every interface, and port 0 is a free one. */
final class ListenAddressConverter implements ITypeConverter<HostPort> {
    private static final String EVERY_INTERFACE = "0.0.0.0";

    @Override
    public HostPort convert(String text) {
        try {
            return HostPort.parseToListen(text.contains(":") ? text : EVERY_INTERFACE + ":" + text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(TerminalText.quoted(text)
                    + " is not PORT or HOST:PORT to listen on, such as 9091 or [::1]:9091: " + e.getMessage());
        }
    }
}

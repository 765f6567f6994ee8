package dev.greeter.cli.probe;

import dev.greeter.cli.options.Converters;
import dev.greeter.client.GreetingTarget;
import dev.greeter.client.TerminalText;
import dev.greeter.client.Url;
import dev.greeter.probe.measure.Target;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code [tls://]HOST[:PORT]}, a greeting server, or a URL with its scheme. */
final class TargetConverter implements ITypeConverter<Target> {
    @Override
    public Target convert(String text) {
        if (Url.scheme(text)
                .filter(scheme -> !scheme.equals(GreetingTarget.TLS))
                .isPresent()) {
            return Target.http(Converters.url(text));
        }
        if (Url.scheme(text).isEmpty() && text.contains("/")) {
            throw new TypeConversionException(TerminalText.quoted(text)
                    + " is neither HOST:PORT, such as localhost:1234, nor a URL with its scheme");
        }
        return Target.greeting(Converters.server(text));
    }
}

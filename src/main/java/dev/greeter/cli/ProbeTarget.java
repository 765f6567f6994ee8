package dev.greeter.cli;

import dev.greeter.client.Url;
import dev.greeter.probe.Endpoint;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code HOST[:PORT]}, which is greeted, or a URL with its scheme, which a GET is sent to. */
final class ProbeTarget implements ITypeConverter<Endpoint> {
    @Override
    public Endpoint convert(String text) {
        if (Url.scheme(text).isPresent()) {
            return Endpoint.http(new UrlConverter().convert(text));
        }
        if (text.contains("/")) {
            throw new TypeConversionException(NetworkErrors.quoted(text)
                    + " is neither HOST:PORT, such as localhost:1234, nor a URL with its scheme");
        }
        return Endpoint.greeting(new Target().convert(text));
    }
}

package dev.greeter.cli;

import dev.greeter.probe.Endpoint;
import io.vertx.core.net.HostAndPort;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code HOST:PORT}, which is greeted, or a URL, which is got. */
final class ProbeTarget implements ITypeConverter<Endpoint> {
    @Override
    public Endpoint convert(String text) {
        if (text.contains("://")) {
            Url url = new Url.Converter().convert(text);
            return Endpoint.http(host(url.server()), url.server().port(), url.isTls(), url.target());
        }
        if (text.contains("/")) {
            throw new TypeConversionException(
                    Why.quoted(text) + " is neither HOST:PORT, such as localhost:1234, nor a URL with its scheme");
        }
        HostAndPort server = new Target().convert(text);
        return Endpoint.greeting(host(server), server.port());
    }

    private static String host(HostAndPort server) {
        String host = server.host();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}

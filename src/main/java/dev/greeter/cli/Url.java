package dev.greeter.cli;

import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An {@code http} or {@code https} URL as a user gives it, without user and fragment.
 *
 * @param target path and query, as a request line has them
 */
record Url(String scheme, HostAndPort server, String target) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Without a scheme it is {@code http}. */
    static final class Converter implements ITypeConverter<Url> {
        @Override
        public Url convert(String text) {
            try {
                URI uri = new URI(text.contains("://") ? text : "http://" + text);
                String scheme = uri.getScheme();
                HostAndPort server = server(uri);
                if (server != null && ("http".equals(scheme) || "https".equals(scheme))) {
                    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                    return new Url(scheme, server, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
                }
            } catch (URISyntaxException notOne) {
                // told below
            }
            throw new TypeConversionException(
                    Why.quoted(text) + " is not a URL such as http://localhost:8080/ or localhost:8080");
        }

        private static @Nullable HostAndPort server(URI uri) {
            if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > Target.MAX_PORT) {
                return null;
            }
            int schemePort = "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
            return HostAndPort.create(uri.getHost(), uri.getPort() < 0 ? schemePort : uri.getPort());
        }
    }

    boolean isTls() {
        return scheme.equals("https");
    }

    /** The same place on the same server, or there at a path of ours if the user named none. */
    Url orPath(String path) {
        return target.equals("/") ? new Url(scheme, server, path) : this;
    }

    /** With one more parameter, both as they stand in a URL. */
    Url with(String parameter, String value) {
        return new Url(scheme, server, target + (target.contains("?") ? "&" : "?") + parameter + "=" + value);
    }

    @Override
    public String toString() {
        return scheme + "://" + server.toString(isTls()) + target;
    }
}

package dev.greeter.config.value;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origin of a page (RFC 6454): two are the same if all three parts are.
 *
 * @param host in small letters, an IPv6 address in brackets and in full; a name with a dot at its end is another name
 * @param port the one that is written, or the default of the scheme
 */
public record Origin(String scheme, String host, int port) {
    private static final int MAX_HOST_OCTETS = 253;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private static final Pattern SYNTAX = Pattern.compile(
            "(https?)://([\\w.-]{1," + MAX_HOST_OCTETS + "}|\\[[0-9a-f:.]+])(?::(\\d{1,5}))?",
            Pattern.CASE_INSENSITIVE);

    /** Reads the text that a browser sends: without user information and without a path. Empty for any other text. */
    public static Optional<Origin> of(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
        Optional<String> host = host(matcher.group(2).toLowerCase(Locale.ROOT));
        int port = matcher.group(3) == null
                ? scheme.equals("http") ? HTTP_PORT : HTTPS_PORT
                : Integer.parseInt(matcher.group(3));
        return host.filter(valid -> port >= 1 && port <= HostPort.MAX_PORT)
                .map(valid -> new Origin(scheme, valid, port));
    }

    private static Optional<String> host(String text) {
        if (!text.startsWith("[")) {
            return Optional.of(text);
        }
        try {
            // a text in brackets is never looked up
            return Optional.of("[" + InetAddress.getByName(text).getHostAddress() + "]");
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }
}

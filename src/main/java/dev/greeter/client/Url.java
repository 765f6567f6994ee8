package dev.greeter.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.greeter.config.value.HostPort;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An {@code http} or {@code https} URL as a user types it, in the form that a request has it (RFC 3986, RFC 9110 section 4.2):
 * characters that are allowed there, and what is already encoded, stay as they are; everything else is encoded as UTF-8.
 *
 * @param path not empty
 * @param query without its question mark; null for none
 */
public record Url(
        boolean isTls,
        HostPort server,
        String path,
        @Nullable String query) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://");
    private static final Pattern PARTS = Pattern.compile("([^/?#]*)([^?#]*)(?:\\?([^#]*))?(?:#.*)?", Pattern.DOTALL);
    private static final Pattern ENCODED = Pattern.compile("%\\p{XDigit}{2}");

    /** Those of {@code pchar}, without letters and digits, and the slash between segments. */
    private static final String PATH_MARKS = "-._~!$&'()*+,;=:@/";

    private static final String QUERY_MARKS = PATH_MARKS + "?";

    /** The scheme that a text begins with, in small letters. */
    public static Optional<String> scheme(String text) {
        Matcher scheme = SCHEME.matcher(text);
        return scheme.lookingAt() ? Optional.of(scheme.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /**
     * Reads {@code [SCHEME://]HOST[:PORT][/PATH][?QUERY][#FRAGMENT]}; without a scheme it is {@code http}. The fragment is no
     * part of a request.
     *
     * @throws IllegalArgumentException saying what is wrong, without the text
     */
    public static Url parse(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("it has control characters");
        }
        if (!text.equals(text.strip())) {
            throw new IllegalArgumentException("it has blanks around it");
        }
        Optional<String> scheme = scheme(text);
        boolean tls = scheme.filter("https"::equals).isPresent();
        if (scheme.isPresent() && !tls && !scheme.get().equals("http")) {
            throw new IllegalArgumentException("its scheme is neither http nor https");
        }
        Matcher parts = PARTS.matcher(scheme.map(word -> text.substring(word.length() + "://".length()))
                .orElse(text));
        if (!parts.matches()) {
            throw new IllegalArgumentException("it has no host");
        }
        if (parts.group(1).contains("@")) {
            throw new IllegalArgumentException("it names a user, which no request here has");
        }
        HostPort server =
                HostPort.parse(uriHost(parts.group(1)), defaultPort(tls)).withLocalZone();
        String path = parts.group(2).isEmpty() ? "/" : encoded(parts.group(2), PATH_MARKS);
        String query = parts.group(3) == null ? null : encoded(parts.group(3), QUERY_MARKS);
        return new Url(tls, server, path, query);
    }

    /** The value of a {@code Host} field: a port only if it is not the scheme's, and no zone (RFC 6874). */
    public static String authority(HostPort server, boolean tls) {
        int zone = server.host().indexOf('%');
        HostPort known = zone < 0 ? server : new HostPort(server.host().substring(0, zone), server.port());
        return known.port() == defaultPort(tls) ? known.bracketed() : known.toString();
    }

    public String authority() {
        return authority(server, isTls);
    }

    /** Path and query, as a request line has them. */
    public String target() {
        return query == null ? path : path + "?" + query;
    }

    /** Returns the same URL, with a path of ours if the user named none. */
    public Url orPath(String ours) {
        return path.equals("/") ? new Url(isTls, server, ours, query) : this;
    }

    /** Returns the URL with one more parameter; name and value are already encoded. */
    public Url with(String parameter, String value) {
        String more = parameter + "=" + value;
        return new Url(isTls, server, path, query == null || query.isEmpty() ? more : query + "&" + more);
    }

    @Override
    public String toString() {
        String place = server.port() == defaultPort(isTls) ? server.bracketed() : server.toString();
        return (isTls ? "https://" : "http://") + place + target();
    }

    private static int defaultPort(boolean tls) {
        return tls ? HTTPS_PORT : HTTP_PORT;
    }

    /** A URI writes a zone behind an encoded percent sign (RFC 6874). */
    private static String uriHost(String authority) {
        return authority.startsWith("[") ? authority.replaceFirst("%25", "%") : authority;
    }

    private static String encoded(String text, String marks) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean stays = (c < 0x80 && (Character.isLetterOrDigit(c) || marks.indexOf(c) >= 0))
                    || ENCODED.matcher(text).region(i, text.length()).lookingAt();
            if (stays) {
                encoded.appendCodePoint(c);
            } else {
                for (byte octet : Character.toString(c).getBytes(UTF_8)) {
                    encoded.append(String.format("%%%02X", octet));
                }
            }
            i += Character.charCount(c);
        }
        return encoded.toString();
    }
}

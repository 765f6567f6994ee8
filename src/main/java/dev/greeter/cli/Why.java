package dev.greeter.cli;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.UpgradeRejectedException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Says in a few words, for a user, why the network did not do what was asked. */
final class Why {
    private static final int MAX_QUOTED_CHARACTERS = 60;
    private static final int MAX_SAID_CHARACTERS = 120;

    /** What the kernels and libraries say, however they wrap it. */
    private static final List<String> KNOWN =
            List.of("connection refused", "connection reset", "no route to host", "network is unreachable");

    private Why() {}

    static String of(Throwable cause) {
        String said = Objects.requireNonNullElse(cause.getMessage(), "");
        String lower = said.toLowerCase(Locale.ROOT);
        for (String known : KNOWN) {
            if (lower.contains(known)) {
                return known;
            }
        }
        if (cause instanceof UnknownHostException) {
            return "unknown host";
        }
        if (cause instanceof UpgradeRejectedException rejected) {
            return "answered " + rejected.getStatus() + ", not a WebSocket";
        }
        if (cause instanceof HttpClosedException || lower.equals("connection was closed")) {
            return "closed";
        }
        if (cause instanceof SSLException) {
            return "TLS failed, " + firstLine(Objects.requireNonNullElse(cause.getCause(), cause));
        }
        if (lower.contains("broken pipe")) {
            return "connection reset";
        }
        return firstLine(cause);
    }

    /** Text from elsewhere in quotes: one line, short, and harmless to a terminal. */
    static String quoted(String text) {
        boolean cut = text.length() > MAX_QUOTED_CHARACTERS;
        return '"' + visible(cut ? text.substring(0, MAX_QUOTED_CHARACTERS) : text) + (cut ? "\"..." : "\"");
    }

    /** Text from elsewhere with every control character and all beyond ASCII escaped. */
    static String visible(String text) {
        return text.chars().mapToObj(c -> escaped((char) c)).collect(Collectors.joining());
    }

    private static String escaped(char c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            default ->
                c >= ' ' && c <= '~' ? String.valueOf(c) : String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c);
        };
    }

    private static String firstLine(Throwable cause) {
        String said = cause.getMessage();
        if (said == null) {
            return cause.getClass().getSimpleName();
        }
        String line = visible(said.lines().findFirst().orElse(""));
        return line.length() > MAX_SAID_CHARACTERS ? line.substring(0, MAX_SAID_CHARACTERS) + "..." : line;
    }
}

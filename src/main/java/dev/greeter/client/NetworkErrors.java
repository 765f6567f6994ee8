package dev.greeter.client;

import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.NetworkFailure;
import java.util.Objects;
import java.util.stream.Collectors;

/** Says in a few words, for a user, why the network did not do what was asked. */
public final class NetworkErrors {
    private static final int MAX_QUOTED_CHARACTERS = 60;
    private static final int MAX_SAID_CHARACTERS = 120;

    private NetworkErrors() {}

    /** Of a connect: the name's resolution, the connect, and the handshake of TLS where there is one. */
    static String notConnected(Throwable cause) {
        return cause instanceof Dialer.NotConnectedException failed ? of(failed.failure()) : Unexpected.says(cause);
    }

    /** Of an open connection. */
    static String broken(Throwable cause) {
        return of(NetworkFailure.of(NetworkFailure.Stage.OPEN, cause, null));
    }

    /** What an exception says of itself, which is in our words. */
    public static String said(Throwable cause) {
        String said =
                Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
        return cut(said.lines().findFirst().orElse(""));
    }

    private static String of(NetworkFailure failure) {
        return cut((failure.tls() == null ? "" : "TLS failed, ") + failure.text());
    }

    /** Text from elsewhere in quotes: one line, short, and harmless to a terminal. */
    public static String quoted(String text) {
        boolean cut = text.length() > MAX_QUOTED_CHARACTERS;
        return '"' + visible(cut ? text.substring(0, MAX_QUOTED_CHARACTERS) : text) + (cut ? "\"..." : "\"");
    }

    /** Text from elsewhere with every control character and all beyond ASCII escaped. */
    public static String visible(String text) {
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

    private static String cut(String text) {
        String line = visible(text);
        return line.length() > MAX_SAID_CHARACTERS ? line.substring(0, MAX_SAID_CHARACTERS) + "..." : line;
    }
}

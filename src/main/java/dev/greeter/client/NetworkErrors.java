package dev.greeter.client;

import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.NetworkFailure;
import java.util.Objects;

/** Network failures in a few words for a user. */
public final class NetworkErrors {
    private static final int MAX_SAID_CHARACTERS = 120;

    private NetworkErrors() {}

    /** Why there is no connection: the name's resolution, the connect or the TLS handshake failed. */
    static String notConnected(Throwable cause) {
        return cause instanceof Dialer.NotConnectedException failed ? of(failed.failure()) : Unexpected.says(cause);
    }

    /** Why an open connection broke. */
    static String broken(Throwable cause) {
        return of(NetworkFailure.of(NetworkFailure.Stage.OPEN, cause, null));
    }

    /** The message of an exception whose text is for users. */
    public static String said(Throwable cause) {
        String said =
                Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
        return cut(said.lines().findFirst().orElse(""));
    }

    private static String of(NetworkFailure failure) {
        return cut((failure.tls() == null ? "" : "TLS failed, ") + failure.text());
    }

    private static String cut(String text) {
        String line = TerminalText.visible(text);
        return line.length() > MAX_SAID_CHARACTERS ? line.substring(0, MAX_SAID_CHARACTERS) + "..." : line;
    }
}

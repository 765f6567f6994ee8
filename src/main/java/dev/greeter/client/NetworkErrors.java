package dev.greeter.client;

import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.NetworkFailure;
import java.util.Objects;

/** Says in a few words, for a user, why the network did not do what was asked. */
public final class NetworkErrors {
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

    private static String cut(String text) {
        String line = TerminalText.visible(text);
        return line.length() > MAX_SAID_CHARACTERS ? line.substring(0, MAX_SAID_CHARACTERS) + "..." : line;
    }
}

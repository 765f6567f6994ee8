package dev.greeter.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class NetworkErrorsTest {
    @Test
    void saysWhatFailedInAFewWords() {
        assertThat(NetworkErrors.broken(new SocketException("Verbindung abgebrochen")))
                .isEqualTo("connection reset");
        assertThat(NetworkErrors.broken(new SSLHandshakeException("no cipher")))
                .isEqualTo("TLS failed, the handshake failed: no cipher");
    }

    @Test
    void quotesAnUnknownFailureInOneHarmlessLine() {
        assertThat(NetworkErrors.broken(new IllegalStateException("\u001b[2J" + "x".repeat(200) + "\nb")))
                .isEqualTo("\\x1b[2J" + "x".repeat(113) + "...");
        assertThat(NetworkErrors.said(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void quotesWithoutControlCharacters() {
        assertThat(TerminalText.quoted("a\r\n\t\u0007\u007f\u2028b")).isEqualTo("\"a\\r\\n\\x09\\x07\\x7f\\u2028b\"");
    }
}

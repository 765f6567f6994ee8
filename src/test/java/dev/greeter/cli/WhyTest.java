package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.SocketException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class WhyTest {
    @Test
    void saysWhatFailedInAFewWords() {
        assertThat(Why.notConnected(new ConnectException("Verbindungsaufbau abgelehnt")))
                .isEqualTo("connection refused");
        assertThat(Why.notConnected(new SSLHandshakeException("no cipher")))
                .isEqualTo("TLS failed, the handshake failed: no cipher");
        assertThat(Why.broken(new SocketException("Connection reset"))).isEqualTo("connection reset");
    }

    @Test
    void quotesAnUnknownFailureInOneHarmlessLine() {
        assertThat(Why.broken(new IllegalStateException("\u001b[2J" + "x".repeat(200) + "\nb")))
                .isEqualTo("\\x1b[2J" + "x".repeat(113) + "...");
        assertThat(Why.said(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void quotesWithoutControlCharacters() {
        assertThat(Why.quoted("a\r\n\t\u0007\u007f\u2028b")).isEqualTo("\"a\\r\\n\\x09\\x07\\x7f\\u2028b\"");
    }
}

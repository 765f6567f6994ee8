package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WhyTest {
    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused: localhost/127.0.0.1:1"), "connection refused"),
                Arguments.of(
                        new ConnectException("finishConnect(..) failed with error(-111): Connection refused: /[::1]:1"),
                        "connection refused"),
                Arguments.of(new SocketException("Connection reset"), "connection reset"),
                Arguments.of(new IOException("Broken pipe"), "connection reset"),
                Arguments.of(new NoRouteToHostException("No route to host: /10.0.0.1:1"), "no route to host"),
                Arguments.of(new SocketException("Network is unreachable: /10.0.0.1:1"), "network is unreachable"),
                Arguments.of(new UnknownHostException("Failed to resolve 'x' [A(1)]"), "unknown host"),
                Arguments.of(new HttpClosedException("Connection was closed"), "closed"),
                Arguments.of(new SSLHandshakeException("no cipher"), "TLS failed, no cipher"),
                Arguments.of(new IOException("a\nb"), "a"),
                Arguments.of(new IOException("\u001b[2J" + "x".repeat(200)), "\\x1b[2J" + "x".repeat(113) + "..."),
                Arguments.of(new IllegalStateException(), "IllegalStateException"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void saysItInAFewWords(Throwable cause, String words) {
        assertThat(Why.of(cause)).isEqualTo(words);
    }

    @Test
    void quotesWithoutControlCharacters() {
        assertThat(Why.quoted("a\r\n\t\u0007\u007f\u2028b")).isEqualTo("\"a\\r\\n\\x09\\x07\\x7f\\u2028b\"");
    }
}

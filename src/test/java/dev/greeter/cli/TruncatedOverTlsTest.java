package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.client.HttpFetch;
import dev.greeter.client.Url;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.testing.SelfSignedCertificate;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that closes the connection below TLS: whoever can cut a connection looks the same (RFC 9112, section 9.8). */
@ExtendWith(VertxExtension.class)
class TruncatedOverTlsTest {
    private static final String PAGE = "<h1>Hello, World!</h1>";

    @TempDir
    private static Path folder;

    private static SSLContext tls;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = SSLContext.getInstance("TLS");
        tls.init(SelfSignedCertificate.create(folder).managers().getKeyManagers(), null, null);
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, true, '', ''",
        "TLSv1.2, true, '', ''",
        "TLSv1.3, false, '', closed without TLS's close_notify after 22 octets of the body",
        "TLSv1.2, false, '', closed without TLS's close_notify after 22 octets of the body",
        "TLSv1.3, false, connection: close, closed without TLS's close_notify after 22 octets of the body",
        "TLSv1.3, false, content-length: 22, ''",
        "TLSv1.3, false, content-length: 23, closed after 22 octets of the body",
    })
    void isNotWholeForACommand(String version, boolean notifies, String field, String broken, Vertx vertx)
            throws Exception {
        try (Server server = new Server(version, notifies, field)) {
            HttpFetch.Answer answer = new HttpFetch(vertx, ClientTls.OF_ANYONE)
                    .get(Url.parse(server.url()), Duration.ofSeconds(20))
                    .await();
            assertThat(answer.body().toString()).isEqualTo(PAGE);
            assertThat(answer.broken()).isEqualTo(broken.isEmpty() ? null : broken);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, '', ''", "false, '', lost http: closed 3", "false, content-length: 22, ''"})
    void isLostForTheProbe(boolean notifies, String field, String lost) throws Exception {
        try (Server server = new Server("TLSv1.3", notifies, field)) {
            Cli probe = Cli.run("probe", "--insecure", "--forms=http", "--count=3", "--rate=100", server.url());
            assertThat(probe.code()).isEqualTo(lost.isEmpty() ? 0 : 1);
            assertThat(probe.out().lines().filter(line -> line.startsWith("lost ")))
                    .containsExactlyElementsOf(lost.isEmpty() ? List.of() : List.of(lost));
        }
    }

    private static final class Server implements AutoCloseable {
        private final ServerSocket listener;

        Server(String version, boolean notifies, String field) throws IOException {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(
                    () -> {
                        while (!listener.isClosed()) {
                            try {
                                answer(listener.accept(), version, notifies, field);
                            } catch (IOException clientLeft) {
                                // the next one
                            }
                        }
                    },
                    "tls-server");
            thread.setDaemon(true);
            thread.start();
        }

        private static void answer(Socket plain, String version, boolean notifies, String field) throws IOException {
            try (plain) {
                SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true);
                secure.setUseClientMode(false);
                secure.setEnabledProtocols(new String[] {version});
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    int octet = secure.getInputStream().read();
                    if (octet < 0) {
                        return;
                    }
                    head.append((char) octet);
                }
                String fields = field.isEmpty() ? "" : field + "\r\n";
                secure.getOutputStream().write(("HTTP/1.1 200 OK\r\n" + fields + "\r\n" + PAGE).getBytes(US_ASCII));
                if (notifies) {
                    secure.close();
                }
            }
        }

        String url() {
            return "https://127.0.0.1:" + listener.getLocalPort() + "/";
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}

package dev.greeter.http.resource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.http.TestServer;
import dev.greeter.net.tls.ServerTls;
import dev.greeter.testing.Machine;
import dev.greeter.testing.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What curl and OpenSSL get that ask for HTTP/2, or for TLS where there is none. */
class Http2Test {
    private static TestServer clear;
    private static TestServer secure;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        clear = TestServer.web();
        secure = TestServer.webOverTls(
                new ServerTls("http", SelfSignedCertificate.create(folder).tls(), List.of("http/1.1")));
    }

    @AfterAll
    static void stop() {
        clear.close();
        secure.close();
    }

    private static String run(String program, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        process.waitFor();
        return output;
    }

    private static String curl(String option, String scheme, TestServer server)
            throws IOException, InterruptedException {
        return run(
                Machine.program("curl"),
                "-sSvk",
                "--max-time",
                "20",
                option,
                scheme + "://localhost:" + server.port() + "/");
    }

    @Test
    void answersInHttp1ByAlpn() throws Exception {
        assertThat(curl("--http2", "https", secure))
                .contains("server accepted http/1.1")
                .contains("< HTTP/1.1 200 OK")
                .contains("<h1>Hello, World!</h1>");
    }

    @Test
    void refusesAClientThatOffersHttp2OnlyByAnAlert() throws Exception {
        assertThat(run(Machine.program("openssl"), "s_client", "-alpn", "h2", "-connect", "localhost:" + secure.port()))
                .containsIgnoringCase("no application protocol");
    }

    @Test
    void endsTheConnectionOfAClientThatKnowsOfHttp2() throws Exception {
        // it reads no HTTP/1.1 any more, in which the answer is 505
        assertThat(curl("--http2-prior-knowledge", "http", clear))
                .contains("> GET / HTTP/2")
                .contains("Empty reply from server");
        assertThat(curl("--http2-prior-knowledge", "https", secure)).doesNotContain("HTTP/2 200");
    }

    @Test
    void ignoresAnUpgradeInClearText() throws Exception {
        assertThat(curl("--http2", "http", clear))
                .contains("> Upgrade: h2c")
                .contains("< HTTP/1.1 200 OK")
                .contains("<h1>Hello, World!</h1>")
                .doesNotContain("101 Switching");
    }

    @Test
    void letsTlsClientsOfAPortInClearTextFindTheReason() throws Exception {
        assertThat(curl("--tlsv1.2", "https", clear)).contains("wrong version number");
        assertThat(run(Machine.program("openssl"), "s_client", "-connect", "localhost:" + clear.port()))
                .contains("wrong version number");
    }
}

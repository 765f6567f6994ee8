package dev.greeter.http.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.config.Tls;
import dev.greeter.http.TestServer;
import dev.greeter.net.tls.ServerTls;
import dev.greeter.testing.Machine;
import dev.greeter.testing.TestAuthority;
import dev.greeter.testing.TestAuthority.Signed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may change faults by a certificate, with OpenSSL's certificates and curl. */
class FaultsByCertificateTest {
    private static final String TOKEN = "open-sesame";
    private static final List<String> NAMES = List.of("spiffe://example/chaos", "Chaos.example");
    private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");
    private static final String FAULT =
            "{\"protocol\": \"http\", \"kind\": \"reset\", \"percent\": 10, \"for\": \"30s\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    private static TestAuthority authority;
    private static Signed server;
    private static Signed chaos;
    private static Signed prometheus;

    @SuppressWarnings("NullAway.Init") // each test begins with serve()
    private TestServer management;

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = TestAuthority.create(folder, "authority");
        server = authority.sign("server", 30, "DNS:localhost");
        chaos = authority.sign("chaos", 30, "URI:spiffe://example/chaos");
        prometheus = authority.sign("prometheus", 30, "DNS:prometheus.example");
    }

    @AfterEach
    void stop() {
        management.close();
    }

    private void serve(String token, List<String> letIn, List<String> names) throws Exception {
        Tls tls = new Tls(
                server.certificate().toString(),
                server.key().toString(),
                authority.certificate().toString(),
                letIn);
        management = TestServer.managementOverTls(
                new Config.Faults(token, names, Duration.ofMinutes(1)),
                new ServerTls("management", tls, List.of("http/1.1")));
    }

    /** The response with its head; what curl says if there is none. */
    private String curl(Signed client, String path, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Machine.program("curl"), "-sSi", "--max-time", "30"));
        command.addAll(List.of("--cacert", authority.certificate().toString()));
        command.addAll(List.of("--cert", client.certificate().toString()));
        command.addAll(List.of("--key", client.key().toString()));
        command.addAll(Arrays.asList(options));
        command.add("https://localhost:" + management.port() + path);
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(curl.getInputStream().readAllBytes(), UTF_8);
        curl.waitFor();
        return output;
    }

    @ParameterizedTest
    @CsvSource({
        "a URI, URI:spiffe://example/chaos",
        "a DNS name in any case, DNS:chaos.EXAMPLE",
        "one of several, 'DNS:other.example,DNS:chaos.example'",
    })
    void letsAListedCertificateChangeFaults(String what, String names) throws Exception {
        serve("", List.of(), NAMES);
        Signed client = authority.sign("listed", 30, names);
        assertThat(curl(client, "/faults", "-d", FAULT)).startsWith("HTTP/1.1 201 ");
        assertThat(curl(client, "/faults")).startsWith("HTTP/1.1 200 ").contains("\"kind\":\"reset\"");
        assertThat(curl(client, "/faults", "-X", "DELETE")).startsWith("HTTP/1.1 204 ");
        assertThat(curl(client, "/faults")).endsWith("\r\n\r\n[]");
    }

    /** A browser sends its user's certificate with what the page of any site requests, and does not ask before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "origin: https://evil.example",
                "origin: null",
                "sec-fetch-site: cross-site",
                "sec-fetch-site: same-site",
                "sec-fetch-site: same-origin"
            })
    void letsNoPageUseTheCertificateOfABrowser(String header) throws Exception {
        serve(TOKEN, List.of(), NAMES);
        for (String method : List.of("POST", "DELETE")) {
            assertThat(curl(
                            chaos,
                            "/faults",
                            "-X",
                            method,
                            "-H",
                            header,
                            "-H",
                            "content-type: text/plain",
                            "-d",
                            FAULT))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("Pages in a browser may change nothing here.");
        }
        assertThat(curl(chaos, "/faults", "-H", "sec-fetch-site: none", "-d", FAULT))
                .as("of a person, from the address bar or by a tool")
                .startsWith("HTTP/1.1 201 ");
    }

    /** All of them may read metrics. */
    @ParameterizedTest
    @CsvSource({
        "another name, DNS:prometheus.example",
        "a name below, DNS:a.chaos.example",
        "a wildcard, DNS:*.example",
        "another path, URI:spiffe://example/chaos/",
        "another case of a URI, URI:spiffe://example/Chaos",
        "a DNS name as a URI, URI:chaos.example",
        "a URI as a DNS name, DNS:spiffe://example/chaos",
        "a URI as an address of mail, email:spiffe://example/chaos",
        "no name but the common name, IP:127.0.0.1",
    })
    void givesNoOtherCertificateAuthority(String what, String names) throws Exception {
        serve("", List.of(), NAMES);
        Signed client = authority.sign("chaos.example", 30, names);
        assertThat(curl(client, "/metrics")).startsWith("HTTP/1.1 200 ");
        for (String method : List.of("GET", "POST", "DELETE")) {
            assertThat(curl(client, "/faults", "-X", method, "-d", FAULT))
                    .as(method)
                    .startsWith("HTTP/1.1 403 ")
                    .contains("\r\ncontent-type: application/problem+json\r\n")
                    .contains("This needs a client's certificate with one of the names in faults.names.")
                    .doesNotContain("www-authenticate");
        }
        assertThat(curl(chaos, "/faults")).endsWith("\r\n\r\n[]");
    }

    @Test
    void letsInForMetricsWithoutAuthorityOverFaults() throws Exception {
        serve(TOKEN, List.of("prometheus.example", "spiffe://example/chaos"), NAMES);
        assertThat(curl(prometheus, "/metrics")).startsWith("HTTP/1.1 200 ");
        assertThat(curl(prometheus, "/faults", "-d", FAULT))
                .startsWith("HTTP/1.1 401 ")
                .contains("\r\nwww-authenticate: Bearer realm=\"greeter\"\r\n")
                .contains("the token, or a client's certificate with one of the names in faults.names.");
        assertThat(curl(prometheus, "/faults", "-d", FAULT, "-H", "authorization: Bearer " + TOKEN))
                .as("the token is as good")
                .startsWith("HTTP/1.1 201 ");
        assertThat(curl(chaos, "/faults", "-X", "DELETE", "-H", "authorization: Bearer wrong"))
                .as("a certificate needs no token")
                .startsWith("HTTP/1.1 204 ");
    }

    @Test
    void letsInByBothListsOnly() throws Exception {
        serve("", List.of("prometheus.example"), NAMES);
        assertThat(curl(chaos, "/faults", "-d", FAULT)).as("an alert").startsWith("curl: ");
    }

    @Test
    void trustsNoNameOfAnotherAuthority() throws Exception {
        serve("", List.of(), NAMES);
        Signed forged = TestAuthority.create(folder, "other").sign("forged", 30, "URI:spiffe://example/chaos");
        assertThat(curl(forged, "/faults", "-d", FAULT)).as("an alert").startsWith("curl: ");
        assertThat(curl(chaos, "/faults")).endsWith("\r\n\r\n[]");
    }

    /** An empty token is none, and equals no other. */
    @ParameterizedTest
    @ValueSource(strings = {"authorization: Bearer ", "authorization: Bearer", "authorization;"})
    void takesNoEmptyToken(String header) throws Exception {
        serve("", List.of(), NAMES);
        assertThat(curl(prometheus, "/faults", "-d", FAULT, "-H", header)).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void hasNoFaultsWithoutTokenAndNames() throws Exception {
        serve("", List.of(), List.of());
        assertThat(curl(chaos, "/faults", "-d", FAULT)).startsWith("HTTP/1.1 404 ");
    }

    /** The handshake was right, and the connection outlasts the certificate. */
    @Test
    void takesAuthorityAwayWhenTheCertificateExpires() throws Exception {
        serve("", List.of(), NAMES);
        String first = "";
        // on a busy machine a certificate may expire before its handshake
        for (int seconds = 4; !first.startsWith("HTTP/1.1 200 ") && seconds < 100; seconds *= 2) {
            Signed client = authority.signExpiring("expiring", seconds, "URI:spiffe://example/chaos");
            Process openssl = connect(client);
            try {
                first = faults(openssl);
                if (first.startsWith("HTTP/1.1 200 ")) {
                    await().atMost(Duration.ofMinutes(2))
                            .until(() -> faults(openssl).startsWith("HTTP/1.1 403 "));
                }
            } finally {
                openssl.destroyForcibly();
            }
        }
        assertThat(first).startsWith("HTTP/1.1 200 ");
    }

    /** A connection that stays. */
    private Process connect(Signed client) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Machine.program("openssl"), "s_client", "-quiet", "-verify_quiet"));
        command.addAll(List.of("-connect", "localhost:" + management.port()));
        command.addAll(List.of(
                "-cert", client.certificate().toString(), "-key", client.key().toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The head of the response to another request on it; empty at its end. */
    private static String faults(Process openssl) {
        try {
            openssl.getOutputStream().write("GET /faults HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(UTF_8));
            openssl.getOutputStream().flush();
            InputStream in = openssl.getInputStream();
            StringBuilder head = new StringBuilder();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                head.append((char) octet);
                if (octet == '\n' && head.indexOf("\r\n\r\n") > 0) {
                    Matcher length = LENGTH.matcher(head);
                    in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
                    return head.toString();
                }
            }
            return "";
        } catch (IOException ended) {
            return "";
        }
    }
}

package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.cli.options.Terminal;
import dev.greeter.testing.FakeServer;
import dev.greeter.testing.OpenSslServer;
import dev.greeter.testing.TestAuthority;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that would forge what their clients' users read: nothing that they send commands a terminal or makes a line of its own. */
class HostileServerTest {
    /** Of what a command prints about one thing. */
    private static final int MAX_LINE = 1_500;

    /** Stays in the middle of what surrounds it. */
    static Stream<String> texts() {
        return Stream.of(
                "a\u001b[2J\u001b]0;owned\u0007b",
                "a\rgreeter: all is well",
                "a\u0085b\u009b31mc\u009d0;owned\u009c",
                "a\u202eb\u2066c\u200fd\ufeff",
                "a\u2028b\u2029c",
                "a\u0000b\u007f\bc",
                "x".repeat(1 << 20));
    }

    private static String octets(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    private static void assertHarmless(Cli printed) {
        String all = printed.out() + printed.err();
        assertThat(all).isNotEmpty().matches("[\n -~]*");
        assertThat(all.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(MAX_LINE));
        assertThat(all).doesNotContain("\ngreeter: all is well");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void cannotForgeTheAnswerToAGreeting(String text) throws Exception {
        for (String answer : List.of("%s", "World%s", "Error %s\n", "Error busy %s\n", "Error busy\n%s")) {
            try (FakeServer server = FakeServer.answering(answer.formatted(octets(text)))) {
                assertHarmless(Cli.run("hello", server.target()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void cannotForgeASession(String text) throws Exception {
        for (String answer : List.of("%s\n", "GREETING/2\nNode %s\n", "GREETING/2\nNode a\nWorld %s\n")) {
            try (FakeServer server = FakeServer.that((peer, nth) -> {
                peer.nextLine();
                peer.nextLine();
                peer.write(answer.formatted(octets(text)));
            })) {
                assertHarmless(Cli.run("hello", "--who", server.target()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void cannotForgeAHead(String text) throws Exception {
        for (String head : List.of(
                "%s\r\n\r\n",
                "HTTP/1.1 200 %s\r\n\r\n", "HTTP/1.1 200 OK\r\nx: %s\r\n\r\n", "HTTP/1.1 200 OK\r\n%s: x\r\n\r\n")) {
            for (String command : List.of("get", "health", "stats")) {
                try (FakeServer server = FakeServer.answeringHttp(head.formatted(octets(text)))) {
                    assertHarmless(Cli.run(command, server.target()));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void cannotForgeStatsOrHealth(String text) throws Exception {
        String stats = StatsSample.TWO_NODES.toJson().encode();
        String name = new JsonArray().add(text).encode();
        String forged = octets(stats.replace("\"greeter-0\"", name.substring(1, name.length() - 1)));
        try (FakeServer server = FakeServer.answeringJson(200, forged)) {
            assertHarmless(Cli.run("stats", server.target()));
            Cli json = Cli.run("stats", "--json", server.target());
            assertThat(json.out()).matches("[\n -~]*").isEqualToIgnoringNewLines(json.out());
            assertThat(new JsonObject(json.out()))
                    .isEqualTo(new JsonObject(new String(forged.getBytes(ISO_8859_1), UTF_8)));
        }
        JsonObject health = new JsonObject()
                .put("status", text)
                .put(
                        "checks",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("id", text)
                                        .put("status", text)
                                        .put("data", new JsonObject().put(text, text))));
        try (FakeServer server = FakeServer.answeringJson(200, octets(health.encode()))) {
            assertHarmless(Cli.run("health", server.target()));
        }
    }

    /** A screen shows languages, but obeys nothing; a pipe gets what came. */
    @ParameterizedTest
    @ValueSource(strings = {"<h1>Grüß Gott, Καλημέρα, 你好</h1>\n\tend\n"})
    void showsTheLinesOfABodyOnAScreen(String page) throws Exception {
        String body = page + "a\u001b[2J\u009b\u202e\u2028\r\n";
        try (FakeServer server = FakeServer.answeringJson(200, octets(body))) {
            assertThat(onScreen("get", server.target()).out())
                    .endsWith("\n\n" + page + "a\\x1b[2J\\x9b\\u202e\\u2028\n");
            assertThat(Cli.run("get", server.target()).out()).endsWith("\n\n" + body);
        }
    }

    private static Cli onScreen(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal screen = new Terminal(Cli.stream(out), Cli.stream(err), true, false, false);
        int code = Commands.run(Map.of(), screen, (config, sources) -> 0, args);
        return new Cli(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void cannotForgeAProbesReport(String text) throws Exception {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            boolean session = !"Hello".equals(peer.read("Hello".length()));
            peer.write((session ? "GREETING/2\nNode " : "Error ") + octets(text) + "\n");
        })) {
            assertHarmless(Cli.run(
                    "probe",
                    "--forms",
                    "oneshot,session",
                    "--rate",
                    "100",
                    "--count",
                    "4",
                    "--timeout",
                    "2s",
                    server.target()));
        }
    }

    /** The subject is what is shown if the certificate has no other names, and the issuer if nobody trusts it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DNS:a\u001b]0;owned\u0007.example",
                "URI:x:\u001b[2J\rgreeter: all is well",
                "email:a\u009b31m",
                "IP:127.0.0.9"
            })
    void cannotForgeTheNamesOfACertificate(String names, @TempDir Path folder) throws Exception {
        String subject = "/O=a\u001b[2J\u001b]0;owned\u0007/CN=b\rgreeter: all is well\u202e";
        TestAuthority authority = TestAuthority.create(folder, "authority", subject);
        TestAuthority.Signed signed = authority.sign("server", subject, 30, names);
        try (OpenSslServer openssl = OpenSslServer.start(signed.certificate(), signed.key(), List.of())) {
            for (String ca : List.of("--timeout=5s", "--ca=" + authority.certificate())) {
                Cli get = Cli.run("get", ca, openssl.url());
                assertHarmless(get);
                assertThat(get.err()).contains(": TLS failed, ");
                assertThat(get.err().lines()).hasSize(1);
                assertHarmless(Cli.run("hello", ca, "tls://" + openssl.target()));
                assertHarmless(Cli.run("probe", ca, "--forms", "http", "--rate", "50", "--count", "2", openssl.url()));
            }
        }
    }
}

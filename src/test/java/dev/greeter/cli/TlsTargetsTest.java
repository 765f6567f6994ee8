package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.FakeServer;
import dev.greeter.testing.Machine;
import dev.greeter.testing.TestAuthority;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HAProxy speaks TLS in front of a server in plain: greetings, requests and certificates of the client. */
class TlsTargetsTest {
    @TempDir
    private static Path folder;

    /** The ports of HAProxy by what they are for. */
    private static final Map<String, Integer> PORTS = new LinkedHashMap<>();

    private static FakeServer greeting;
    private static FakeServer http;
    private static Process haproxy;
    private static String ca;
    private static TestAuthority.Signed server;
    private static TestAuthority.Signed client;
    private static TestAuthority.Signed stranger;

    @BeforeAll
    static void serve() throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "authority");
        ca = authority.certificate().toString();
        server = authority.sign("server", 10, "DNS:localhost,DNS:greeter.example,DNS:my_service");
        client = authority.sign("client", 10, "DNS:client.example");
        stranger = TestAuthority.create(folder, "strangers").sign("stranger", 10, "DNS:client.example");
        greeting = FakeServer.that(TlsTargetsTest::greet);
        http = FakeServer.answeringJson(200, "{\"status\":\"UP\"}");
        String mutual = " ca-file " + ca + " verify required";
        StringBuilder text = new StringBuilder("""
                global
                    nbthread 1
                defaults
                    mode tcp
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                """);
        listen(text, "greeting", "", greeting);
        listen(text, "mutual", mutual, greeting);
        listen(text, "mutual12", mutual + " ssl-max-ver TLSv1.2", greeting);
        listen(text, "strict", " strict-sni", greeting);
        listen(text, "http", "", http);
        Path configuration = Files.writeString(folder.resolve("haproxy.cfg"), text);
        haproxy = new ProcessBuilder(Machine.program("haproxy"), "-db", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile())
                .start();
        await().until(() -> PORTS.values().stream().noneMatch(port -> Machine.isFree("127.0.0.1", port)));
    }

    private static void listen(StringBuilder text, String name, String options, FakeServer to) throws IOException {
        int port = Machine.freePort();
        PORTS.put(name, port);
        text.append("listen %s%n    bind 127.0.0.1:%d ssl crt %s%s%n    server one 127.0.0.1:%d%n"
                .formatted(name, port, server.both(), options, to.port()));
    }

    /** Answers until the client's end, as the protocol has it. */
    private static void greet(FakeServer.Peer peer, int nth) throws IOException {
        if (peer.read("Hello".length()).equals("Hello")) {
            peer.write("World");
            return;
        }
        peer.nextLine();
        peer.write("GREETING/2\n");
        for (String line = peer.nextLine(); line != null; line = peer.nextLine()) {
            peer.write(line.equals("Who") ? "Node fake\n" : line.replace("Hello", "World") + "\n");
        }
    }

    @AfterAll
    static void close() throws Exception {
        haproxy.destroyForcibly().waitFor();
        greeting.close();
        http.close();
    }

    /** With more time than the default, for a busy machine. */
    private static Cli hello(String... options) {
        return Cli.run(Stream.concat(Stream.of("hello", "--timeout", "50s"), Stream.of(options))
                .toArray(String[]::new));
    }

    private static String target(String name) {
        return "tls://localhost:" + PORTS.get(name);
    }

    @Test
    void greetsOverTls() {
        assertThat(hello("--ca", ca, target("greeting"))).isEqualTo(Cli.done("World\n"));
    }

    /** The end of the client's lines is close_notify, without which the server would wait for more. */
    @Test
    void endsASessionOverTls() {
        assertThat(hello("--ca", ca, "--who", "--count", "500", target("greeting")))
                .isEqualTo(Cli.done("Node fake\n" + "World\n".repeat(500)));
    }

    @ParameterizedTest
    @CsvSource({"mutual, certificate_required before an answer", "mutual12, handshake_failure"})
    void saysThatTheServerAsksForACertificate(String port, String alert) {
        Cli run = hello("--ca", ca, target(port));
        assertThat(run)
                .isEqualTo(Cli.failed("greeter hello: " + target(port)
                        + ": TLS failed, the client's certificate is refused: none given, alert " + alert));
    }

    @ParameterizedTest
    @CsvSource({"mutual, unknown_ca before an answer", "mutual12, unknown_ca"})
    void showsItsCertificate(String port, String alert) {
        assertThat(hello(withCertificate(client, target(port)))).isEqualTo(Cli.done("World\n"));
        assertThat(hello(withCertificate(stranger, target(port))))
                .isEqualTo(Cli.failed("greeter hello: " + target(port)
                        + ": TLS failed, the client's certificate is refused: alert " + alert));
    }

    private static String[] withCertificate(TestAuthority.Signed signed, String target) {
        return new String[] {
            "--ca",
            ca,
            "--cert",
            signed.certificate().toString(),
            "--key",
            signed.key().toString(),
            target
        };
    }

    @Test
    void checksTheNameThatItIsGiven() {
        String address = target("greeting").replace("localhost", "127.0.0.1");
        assertThat(hello("--ca", ca, address).err())
                .contains("the certificate is for another name: it is for localhost, greeter.example, my_service");
        assertThat(hello("--ca", ca, "--server-name", "greeter.example", address))
                .isEqualTo(Cli.done("World\n"));
        assertThat(hello("--ca", ca, "--server-name", "other.example", target("greeting"))
                        .err())
                .contains("the certificate is for another name");
        assertThat(hello("--insecure", "--server-name", "other.example", target("greeting")))
                .isEqualTo(Cli.done("World\n"));
    }

    /** The certificate is for that name, which OpenSSL and HAProxy accept. */
    @Test
    void saysThatNoCertificateIsForANameWithAnUnderscore() {
        assertThat(hello("--ca", ca, "--server-name", "my_service", target("greeting")))
                .isEqualTo(Cli.failed("greeter hello: " + target("greeting")
                        + ": TLS failed, the certificate is for another name: Java accepts none for my_service,"
                        + " because no host name has a _"));
    }

    @Test
    void saysThatTheServerHasNoSuchName() {
        assertThat(hello("--insecure", "--server-name", "other.example", target("strict")))
                .isEqualTo(Cli.failed("greeter hello: " + target("strict")
                        + ": TLS failed, the server has no such name: alert unrecognized_name"));
        assertThat(hello("--insecure", target("strict"))).isEqualTo(Cli.done("World\n"));
    }

    @Test
    void probesOverTls() throws IOException {
        Path json = folder.resolve("report.json");
        Cli probe = probe(target("greeting"), "--json", json.toString());
        assertThat(probe.out())
                .contains("within limits: lost 0 of 40")
                .containsOnlyOnce("warning: ")
                .contains("warning: a certificate of " + target("greeting") + " ends in 9 days, at 20");
        JsonObject report = new JsonObject(Files.readString(json));
        assertThat(report.getJsonArray("certificates")).hasSize(1);
        JsonObject certificates = report.getJsonArray("certificates").getJsonObject(0);
        assertThat(certificates.getString("target")).isEqualTo(target("greeting"));
        assertThat(certificates.getInteger("daysLeft")).isEqualTo(9);
        assertThat(certificates.getBoolean("endsSoon")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "9d", "2h"})
    void warnsOfNoCertificateThatEndsLater(String expiry) {
        Cli probe = probe(target("greeting"), "--warn-expiry", expiry);
        assertThat(probe.out()).contains("within limits: lost 0 of 40").doesNotContain("warning");
    }

    @Test
    void countsARefusedCertificateAsThat() {
        assertThat(probe(target("mutual"), "--forms", "oneshot").out())
                .contains("lost oneshot: tls 20 (client-certificate 20)");
    }

    private static Cli probe(String target, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("probe", "--ca", ca, "--rate", "100", "--count", "20", "--timeout", "50s", target));
        arguments.addAll(List.of(options));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void asksTheServiceThatTheEnvironmentConfiguresOverTls() {
        Map<String, String> env = environment("GREETING", "greeting");
        assertThat(configured(env, "hello")).isEqualTo(Cli.done("World\n"));
        assertThat(configured(env, "hello", "--server-name", "other.example").err())
                .contains("the certificate is for another name");
        assertThat(configured(environment("MANAGEMENT", "http"), "health")).isEqualTo(Cli.done("UP\n"));
        assertThat(configured(environment("HTTP", "http"), "get").out()).endsWith("{\"status\":\"UP\"}");
        assertThat(configured(environment("HTTP", "http"), "stats").err())
                .contains("https://localhost:" + PORTS.get("http") + "/stats?scope=cluster: answered");
    }

    /** Its own authority signed the service's certificate, as those of its clients. */
    @Test
    void showsTheServicesOwnCertificateToIt() {
        Map<String, String> env = environment("GREETING", "mutual");
        env.put("GREETER_GREETING_TLS_TRUST", ca);
        assertThat(configured(env, "hello")).isEqualTo(Cli.done("World\n"));
    }

    /** The service serves on with the certificate that it had, so its health check must not end it. */
    @Test
    void readsNoCertificateOfTheServiceThatItDoesNotNeed() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.pem"), "-----BEGIN");
        Map<String, String> env = environment("MANAGEMENT", "http");
        env.put("GREETER_MANAGEMENT_TLS_CERTIFICATE", broken.toString());
        assertThat(configured(env, "health", "--insecure")).isEqualTo(Cli.done("UP\n"));
        assertThat(configured(env, "health", "--ca", ca)).isEqualTo(Cli.done("UP\n"));
        assertThat(configured(env, "health").code()).isEqualTo(2);
        assertThat(configured(env, "health").err())
                .startsWith("greeter health: management.tls.certificate")
                .contains("broken.pem")
                .hasLineCount(1);
    }

    private static Map<String, String> environment(String section, String port) {
        Map<String, String> env = new LinkedHashMap<>();
        env.put("GREETER_" + section + "_PORT", String.valueOf(PORTS.get(port)));
        env.put("GREETER_" + section + "_TLS_CERTIFICATE", server.certificate().toString());
        env.put("GREETER_" + section + "_TLS_KEY", server.key().toString());
        return env;
    }

    private static Cli configured(Map<String, String> env, String... command) {
        String[] patient =
                Stream.concat(Stream.of(command), Stream.of("--timeout", "50s")).toArray(String[]::new);
        return Cli.run(env, (config, sources) -> 0, patient);
    }
}

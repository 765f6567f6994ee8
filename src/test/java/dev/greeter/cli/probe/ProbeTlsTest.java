package dev.greeter.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.cli.Cli;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real TLS server with a certificate that nobody has signed. */
class ProbeTlsTest {
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    private static Path folder;

    private static String url;
    private static String otherName;

    @BeforeAll
    static void serve() throws Exception {
        Path store = folder.resolve("server.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString());
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "server",
                "-keystore",
                store.toString(),
                "-file",
                folder.resolve("ca.pem").toString());
        HttpServer server = VERTX.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                                new PfxOptions().setPath(store.toString()).setPassword("changeit")))
                .requestHandler(request -> request.response().end("<h1>Hello, World!</h1>"))
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        url = "https://localhost:" + server.actualPort() + "/";
        otherName = "https://127.0.0.1:" + server.actualPort() + "/";
    }

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().await(20, TimeUnit.SECONDS);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-storepass", "changeit"));
        command.addAll(List.of(arguments));
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        assertThat(keytool.waitFor()).isZero();
    }

    @Test
    void namesAnUntrustedCertificate() {
        assertThat(probe(url).out()).contains("lost http: tls 20", "lost http-keepalive: tls 20");
    }

    @Test
    void trustsTheAuthorityThatItIsGiven() {
        Cli run = probe(url, "--ca", folder.resolve("ca.pem").toString());
        assertThat(run.out()).contains("within limits: lost 0 of 40");
        assertThat(run.code()).isZero();
    }

    @Test
    void namesACertificateOfAnotherName() {
        assertThat(probe(otherName, "--ca", folder.resolve("ca.pem").toString()).out())
                .contains("lost http: tls 20");
    }

    @Test
    void trustsAnyoneIfToldSo() {
        assertThat(probe(otherName, "--insecure").out()).contains("within limits: lost 0 of 40");
    }

    @Test
    void saysWhatIsWrongWithAnAuthority() {
        Cli none = probe(url, "--ca", folder.resolve("none.pem").toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("is no file of certificates in PEM");
        Cli both = probe(url, "--insecure", "--ca", folder.resolve("ca.pem").toString());
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("--ca and --insecure exclude each other");
    }

    private static Cli probe(String target, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("probe", "--rate", "200", "--count", "20", "--timeout", "20s", target));
        arguments.addAll(List.of(options));
        return Cli.run(arguments.toArray(String[]::new));
    }
}

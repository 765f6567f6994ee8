package dev.greeter.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.cli.Cli;
import dev.greeter.testing.SelfSignedCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Against a real TLS server with a certificate that nobody has signed. */
@ExtendWith(VertxExtension.class)
class ProbeTlsTest {
    @TempDir
    private static Path folder;

    private static String url;
    private static String otherName;
    private static String authority;

    @BeforeAll
    static void serve(Vertx vertx) throws Exception {
        SelfSignedCertificate signed = SelfSignedCertificate.create(folder);
        authority = signed.certificate().toString();
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(authority)
                                .addKeyPath(signed.key().toString())))
                .requestHandler(request -> request.response().end("<h1>Hello, World!</h1>"))
                .listen(0, "127.0.0.1")
                .await();
        url = "https://localhost:" + server.actualPort() + "/";
        otherName = "https://127.0.0.1:" + server.actualPort() + "/";
    }

    @Test
    void namesAnUntrustedCertificate() {
        assertThat(probe(url).out()).contains("lost http: tls 20", "lost http-keepalive: tls 20");
    }

    @Test
    void trustsTheAuthorityThatItIsGiven() {
        Cli run = probe(url, "--ca", authority);
        assertThat(run.out()).contains("within limits: lost 0 of 40");
        assertThat(run.code()).isZero();
    }

    @Test
    void namesACertificateOfAnotherName() {
        assertThat(probe(otherName, "--ca", authority).out()).contains("lost http: tls 20");
    }

    @Test
    void trustsAnyoneIfAskedTo() {
        assertThat(probe(otherName, "--insecure").out()).contains("within limits: lost 0 of 40");
    }

    @Test
    void saysWhatIsWrongWithAnAuthority() {
        Cli none = probe(url, "--ca", folder.resolve("none.pem").toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("none.pem\": there is no such file");
        Cli both = probe(url, "--insecure", "--ca", authority);
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

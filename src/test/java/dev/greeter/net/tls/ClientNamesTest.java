package dev.greeter.net.tls;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.testing.SelfSignedCertificate;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which clients' certificates are let in. */
class ClientNamesTest {
    private static SelfSignedCertificate first;
    private static SelfSignedCertificate expired;
    private static SelfSignedCertificate early;
    private static SelfSignedCertificate client;

    @BeforeAll
    static void makeCertificates(@TempDir Path made) throws Exception {
        first = SelfSignedCertificate.create(made);
        expired = SelfSignedCertificate.create(made, "-10d", "san=dns:localhost");
        early = SelfSignedCertificate.create(made, "+1d", "san=dns:localhost");
        client = SelfSignedCertificate.create(
                made,
                "-1d",
                "san=dns:Client.Example,dns:*.wild.example,uri:spiffe://example/client,email:mail.example");
    }

    /** Of a certificate for client.example, *.wild.example, spiffe://example/client and the mail address mail.example. */
    @ParameterizedTest
    @CsvSource({
        "client.example, true",
        "CLIENT.example, true",
        "spiffe://example/client, true",
        "spiffe://example/Client, false",
        "other.example, false",
        "a.wild.example, false",
        "mail.example, false",
        "CN=localhost, false",
        "localhost, false",
    })
    void letsInClientsByTheNamesOfTheirCertificates(String name, boolean letIn) throws Exception {
        List<X509Certificate> chain =
                ConfiguredFile.read("", client.certificate().toString()).chain();
        X509Certificate[] shown = {chain.get(0)};
        ClientNames names = new ClientNames(chain, List.of("elsewhere.example", name));
        if (letIn) {
            names.checkClientTrusted(shown, "EC");
        } else {
            assertThatThrownBy(() -> names.checkClientTrusted(shown, "EC"))
                    .hasMessage("none of the certificate's DNS names and URIs is let in");
        }
    }

    @Test
    void letsInNobodyWhomNoAuthoritySigned() throws Exception {
        List<X509Certificate> chain =
                ConfiguredFile.read("", client.certificate().toString()).chain();
        ClientNames names = new ClientNames(
                ConfiguredFile.read("", first.certificate().toString()).chain(), List.of("client.example"));
        X509Certificate[] shown = {chain.get(0)};
        assertThatThrownBy(() -> names.checkClientTrusted(shown, "EC")).isInstanceOf(CertificateException.class);
    }

    /** The JDK takes a certificate that is itself in the list without a look at its dates. */
    @Test
    void letsInNoCertificateOfTheListThatIsNotValidNow() throws Exception {
        for (SelfSignedCertificate invalid : List.of(expired, early)) {
            List<X509Certificate> chain =
                    ConfiguredFile.read("", invalid.certificate().toString()).chain();
            ClientNames names = new ClientNames(chain, List.of());
            X509Certificate[] shown = {chain.get(0)};
            assertThatThrownBy(() -> names.checkClientTrusted(shown, "EC")).isInstanceOf(CertificateException.class);
        }
    }
}

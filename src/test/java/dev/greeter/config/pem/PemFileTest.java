package dev.greeter.config.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.testing.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFileTest {
    private static final String ADVISED = "openssl pkcs8 -topk8 -nocrypt";

    @Test
    void namesTheFormOfAKeyThatItDoesNotRead() {
        PemFile file = new PemFile("-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n", "");
        assertThatThrownBy(() -> file.key(List.of("EC")))
                .hasMessage("it has a key of the form BEGIN EC PRIVATE KEY, not PKCS#8 (BEGIN PRIVATE KEY), as "
                        + ADVISED + " makes it");
    }

    @Test
    void readsAKeyThatWasMadeAsItAdvises(@TempDir Path folder) throws Exception {
        Path made = folder.resolve("made.pem");
        Path mended = folder.resolve("mended.pem");
        openssl("openssl ecparam -name prime256v1 -genkey -noout", "-out", made.toString());
        openssl(ADVISED, "-in", made.toString(), "-out", mended.toString());
        assertThat(PemFile.read(mended).key(List.of("EC")).getAlgorithm()).isEqualTo("EC");
    }

    private static void openssl(String command, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of(options));
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void namesNoFormThatIsNone() {
        String type = "A".repeat(1_000) + " PRIVATE KEY";
        PemFile file = new PemFile("-----BEGIN " + type + "-----\nMAA=\n-----END " + type + "-----\n", "");
        assertThatThrownBy(() -> file.key(List.of("EC"))).hasMessage("it has no private key");
    }

    /** Half of a list of authorities would let in half of the clients, and trust half of the servers. */
    @ParameterizedTest
    @ValueSource(strings = {"-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "MII"})
    void refusesACertificateThatIsDamaged(String lost, @TempDir Path folder) throws Exception {
        String whole = Files.readString(SelfSignedCertificate.create(folder).certificate());
        assertThat(new PemFile(whole + whole, "").certificates()).hasSize(2);
        for (String left : List.of("", "-")) {
            PemFile file = new PemFile(whole + whole.replace(lost, left) + whole, "");
            assertThatThrownBy(file::certificates).hasMessage("its certificate 2 is broken");
        }
    }

    @Test
    void ignoresWhatIsBetweenCertificates(@TempDir Path folder) throws Exception {
        String whole = Files.readString(SelfSignedCertificate.create(folder).certificate());
        assertThat(new PemFile("# the first\n" + whole + "-----\nthe second:\n" + whole, "").certificates())
                .hasSize(2);
    }

    @Test
    void refusesAKeyThatIsDamaged() {
        PemFile file = new PemFile("-----BEGIN PRIVATE KEY-----\nMAA=\n", "");
        assertThatThrownBy(() -> file.key(List.of("EC"))).hasMessage("its key is broken, or of none of EC");
    }

    /** OpenSSL writes fields before the key of such a form, which no other form has. */
    @Test
    void namesTheFormOfAnOldKeyWithAPassword() {
        PemFile file = new PemFile(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMAA=\n-----END RSA PRIVATE KEY-----\n", "");
        assertThatThrownBy(() -> file.key(List.of("RSA")))
                .hasMessageStartingWith("it has a key of the form BEGIN RSA PRIVATE KEY, not PKCS#8");
    }
}

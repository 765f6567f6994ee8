package dev.greeter.config.pem;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PemFileTest {
    @Test
    void namesTheFormOfAKeyThatItDoesNotRead() {
        PemFile file = new PemFile("-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n", "");
        assertThatThrownBy(() -> file.key(List.of("EC")))
                .hasMessage("it has a key of the form BEGIN EC PRIVATE KEY, not PKCS#8 (BEGIN PRIVATE KEY),"
                        + " as openssl pkcs8 -topk8 -nodes makes it");
    }

    @Test
    void namesNoFormThatIsNone() {
        String type = "A".repeat(1_000) + " PRIVATE KEY";
        PemFile file = new PemFile("-----BEGIN " + type + "-----\nMAA=\n-----END " + type + "-----\n", "");
        assertThatThrownBy(() -> file.key(List.of("EC"))).hasMessage("it has no private key");
    }
}

package dev.greeter.config;

import static dev.greeter.config.ConfigErrorsTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No mistake shows what may be a secret. */
class SecretsTest {
    private static final String SECRET = "open-sesame";

    @ParameterizedTest
    @CsvSource({
        "faults.tokn, GREETER_FAULTS_TOKN",
        "fault.token, GREETER_FAULT_TOKEN",
        "faults.opener, GREETER_FAULTS_OPENER",
        "Faults, GREETER_FAULTS",
        "fault, GREETER_FAULT",
        "token, GREETER_TOKEN",
        "management.clientSecret, GREETER_MANAGEMENT_CLIENT_SECRET",
        "http.tls.keyPassword, GREETER_HTTP_TLS_KEY_PASSWORD",
    })
    void hidesTheValueOfAnUnknownName(String key, String variable) {
        assertThat(refusal(Map.of(), Map.of(key, SECRET)))
                .startsWith("command line --set " + key + ": " + key + " is \"***\", but there is no such key; ")
                .doesNotContain(SECRET);
        assertThat(refusal(Map.of(variable, SECRET), Map.of()))
                .startsWith("environment: " + variable + " is \"***\", but there is no such variable; ")
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({"faults.maxDuratio, GREETER_FAULTS_MAX_DURATIO", "greeting.prot, GREETER_GREETING_PROT", "a, GREETER_A"
    })
    void showsTheValueOfAnyOtherUnknownName(String key, String variable) {
        assertThat(refusal(Map.of(), Map.of(key, "9"))).contains(key + " is \"9\"");
        assertThat(refusal(Map.of(variable, "9"), Map.of())).contains(variable + " is \"9\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "faults.tokn: open-sesame",
                "faults: open-sesame",
                "faults.token: {open-sesame}",
                "faults.token:\n  value: open-sesame",
                "faults.token: [open-sesame]",
                "faults.token: open-sesame and more",
                "faults.token: open-sesame\nfaults: {token: open-sesame}",
                "faults.token: *open-sesame",
                "faults.token: !open-sesame!",
                "faults.token: 'open-sesame",
                "faults.token:open-sesame",
                "http.port: 1\nfaults.token:open-sesame",
            })
    void hidesASecretInAFileWithAMistake(String text, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("greeter.yaml"), text);
        assertThat(refusal(Optional.of(file), Map.of(), Map.of()))
                .startsWith(file.toString())
                .doesNotContain("sesame");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n"})
    void hidesAKeyWhereItsFileBelongs(String separator) {
        String key = String.join(separator, "-----BEGIN PRIVATE KEY-----", "MIGHAgEA", "-----END PRIVATE KEY-----");
        assertThat(refusal(Map.of("GREETER_HTTP_TLS_KEY", key), Map.of()))
                .isEqualTo(
                        "environment GREETER_HTTP_TLS_KEY: http.tls.key is \"***\", allowed: a file's path or nothing");
    }
}

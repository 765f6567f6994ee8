package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with the options of TLS is one line, before any connection. */
class TlsOptionsTest {
    @TempDir
    private static Path folder;

    private static String cert;
    private static String key;
    private static String otherKey;

    @BeforeAll
    static void sign() throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "authority");
        TestAuthority.Signed client = authority.sign("client", 1, "DNS:client.example");
        cert = client.certificate().toString();
        key = client.key().toString();
        otherKey = authority.sign("other", 1, "DNS:other.example").key().toString();
    }

    static Stream<Arguments> combinations() {
        return Stream.of(
                Arguments.of("--key needs --cert", List.of("--key", "k")),
                Arguments.of("--ca and --insecure exclude each other", List.of("--insecure", "--ca", "c")),
                Arguments.of(
                        "--server-name: \"a b\" is not a server's name, such as greeter.example",
                        List.of("--server-name", "a b")),
                Arguments.of("--ca: the file's name is empty", List.of("--ca", "")));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void refusesWhatDoesNotGoTogether(String why, List<String> options) {
        assertThat(run(options)).isEqualTo(misused(why));
    }

    @Test
    void needsTheKeyOfACertificate() {
        assertThat(run(List.of("--cert", cert))).isEqualTo(misused("--cert needs --key"));
    }

    @ParameterizedTest
    @CsvSource({
        "hello, localhost:1",
        "get, http://localhost:1",
        "stats, localhost:1",
        "health, localhost:1",
        "probe, localhost:1"
    })
    void refusesOptionsOfTlsForATargetInPlain(String command, String target) {
        for (List<String> options : List.of(
                List.of("--insecure"),
                List.of("--ca", cert),
                List.of("--cert", cert),
                List.of("--key", key),
                List.of("--server-name", "a"))) {
            Cli run = Cli.run(
                    Stream.concat(Stream.of(command, target), options.stream()).toArray(String[]::new));
            assertThat(run)
                    .isEqualTo(Cli.misused("greeter " + command + ": " + options.get(0)
                            + " needs a target over TLS (tls:// or https://)\nTry 'greeter " + command + " --help'."));
        }
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        String text = Files.readString(Path.of(key));
        Path none = folder.resolve("none.pem");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path broken = Files.writeString(
                folder.resolve("broken.pem"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Path encrypted = Files.writeString(
                folder.resolve("encrypted.pem"), text.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        Path old = Files.writeString(folder.resolve("old.pem"), text.replace("PRIVATE KEY", "EC PRIVATE KEY"));
        assertWrong("there is no such file", "--ca", none.toString());
        assertWrong("it has no certificate", "--ca", empty.toString());
        assertWrong("it has no certificate", "--ca", key);
        assertWrong("is broken", "--ca", broken.toString());
        assertWrong("cannot be read", "--ca", folder.toString());
        assertWrong("there is no such file", "--key", none.toString(), "--cert", cert);
        assertWrong("it has no", "--key", cert, "--cert", cert);
        assertWrong("broken", "--key", broken.toString(), "--cert", cert);
        assertWrong("ENCRYPTED PRIVATE KEY", "--key", encrypted.toString(), "--cert", cert);
        assertWrong("EC PRIVATE KEY", "--key", old.toString(), "--cert", cert);
        assertWrong("does not fit", "--key", otherKey, "--cert", cert);
    }

    private static void assertWrong(String why, String option, String file, String... others) {
        Cli run = run(Stream.concat(Stream.of(option, file), Stream.of(others)).toList());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines().findFirst().orElseThrow())
                .startsWith("greeter hello: " + option)
                .contains(file)
                .contains(why);
    }

    private static Cli run(List<String> options) {
        return Cli.run(Stream.concat(Stream.of("hello", "tls://localhost:1"), options.stream())
                .toArray(String[]::new));
    }

    private static Cli misused(String why) {
        return Cli.misused("greeter hello: " + why + "\nTry 'greeter hello --help'.");
    }
}

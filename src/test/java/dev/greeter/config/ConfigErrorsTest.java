package dev.greeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.greeter.config.pem.PemFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigErrorsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            node.name        | a b    | 1 to 63 printable ASCII characters without blanks
            node.name        | ''     | 1 to 63 printable ASCII characters without blanks
            node.name        | nöde   | 1 to 63 printable ASCII characters without blanks
            greeting.host    | ''     | a host name or an address
            greeting.host    | a/b    | a host name or an address
            greeting.host    | a..b   | a host name or an address
            greeting.host    | 1:2    | a host name or an address
            greeting.host    | [::1   | a host name or an address
            greeting.host    | [::1]:80 | a host name or an address
            greeting.host    | fe80::1% | a host name or an address
            greeting.host    | 127.1  | a host name or an address
            http.port        | 65536  | a whole number from 0 to 65535 (0 takes a free one)
            http.port        | -1     | a whole number from 0 to 65535 (0 takes a free one)
            http.port        | 0x50   | a whole number from 0 to 65535 (0 takes a free one)
            http.port        | 99999999999 | a whole number from 0 to 65535 (0 takes a free one)
            http.instances   | 0      | auto (one for each two cores) or a whole number from 1 to 256
            http.instances   | 257    | auto (one for each two cores) or a whole number from 1 to 256
            http.maxConnections | 0   | a whole number from 1 to 1000000
            http.idleTimeout | 60     | a duration from 10ms to 60m, such as 500ms, 5s or 2m
            http.idleTimeout | 9ms    | a duration from 10ms to 60m, such as 500ms, 5s or 2m
            http.requestTimeout | 0s  | a duration from 10ms to 60m, such as 500ms, 5s or 2m
            http.idleTimeout | 61m    | a duration from 10ms to 60m, such as 500ms, 5s or 2m
            http.idleTimeout | 1.5s   | a duration from 10ms to 60m, such as 500ms, 5s or 2m
            bridge.maxMessageSize | 16384 | a size from 1KiB to 1MiB, such as 16KiB
            bridge.maxMessageSize | 1025KiB | a size from 1KiB to 1MiB, such as 16KiB
            bridge.maxMessageSize | 9999999MiB | a size from 1KiB to 1MiB, such as 16KiB
            bridge.origins   | wall.example | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | https://wall.example/ | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | https://wall.example/a | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | https://me@wall.example | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | https://wall.example:0 | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | https://wall.example:65536 | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | https://[::1 | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | https://[1::2::3] | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | ftp://wall.example | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | null   | https://host or http://host:port, without a path, with commas between several
            bridge.origins   | *      | https://host or http://host:port, without a path, with commas between several
            shutdown.delay   | -1s    | a duration from 0s to 60m, such as 500ms, 5s or 2m
            exchangeLog.maxPerSecond | 1000001 | a whole number from 0 to 1000000
            cluster.enabled  | yes    | true or false
            cluster.host     | a b    | a host name, an address or nothing
            cluster.members  | a      | host:port, with commas between several
            cluster.members  | a:0    | host:port, with commas between several
            cluster.members  | a:65536 | host:port, with commas between several
            cluster.members  | a:1,,b:1 | host:port, with commas between several
            cluster.members  | [::1]  | host:port, with commas between several
            cluster.members  | ::1:5701 | host:port, with commas between several
            cluster.eventBusPort | 65536 | a whole number from 0 to 65535 (0 takes a free one)
            log.level        | fatal  | error, warn, info, debug, trace
            log.format       | xml    | auto, text, json
            """)
    void tellsKeyValueOriginAndWhatIsAllowed(String name, String text, String allowed) {
        assertThat(refusal(Map.of(), Map.of(name, text)))
                .isEqualTo("command line --set " + name + ": " + name + " is \"" + text + "\", allowed: " + allowed);
    }

    @Test
    void refusesTwoWaysToFindMembers() {
        assertThat(refusal(
                        Map.of("GREETER_CLUSTER_MEMBERS", "a:5701"),
                        Map.of("cluster.enabled", "true", "cluster.dns", "nodes")))
                .isEqualTo("command line --set cluster.dns: cluster.dns is \"nodes\", but cluster.members is set too"
                        + " (environment GREETER_CLUSTER_MEMBERS); allowed: one of them");
    }

    @Test
    void refusesHalfOfTls() {
        assertThat(refusal(
                        Map.of(),
                        Map.of(
                                "cluster.enabled",
                                "true",
                                "cluster.tls.certificate",
                                "a.pem",
                                "cluster.tls.trust",
                                "b.pem")))
                .isEqualTo("default: cluster.tls.key is \"\", but cluster.tls.certificate is set"
                        + " (command line --set cluster.tls.certificate); allowed: all three of cluster.tls, or none");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "greeting.tls.certificate, a.pem, greeting.tls.key, |both, or none|",
                "http.tls.key, a.key, http.tls.certificate, |both, or none|",
                "management.tls.trust, a.pem, management.tls.certificate, |a certificate and its key as well, or no trust|",
                "http.tls.names, a.example, http.tls.trust, |trust as well, or no names|",
                "faults.names, a.example, management.tls.trust, |trust as well, or no names|"
            })
    void refusesHalfOfTheTlsOfAPort(String key, String value, String missing, String allowed) {
        assertThat(refusal(Map.of(), Map.of(key, value)))
                .isEqualTo("default: " + missing + " is \"\", but " + key + " is set (command line --set " + key
                        + "); allowed: " + allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "greeting.proxyProtocol.from, 10.0.0.0/33",
        "http.proxyProtocol.from, balancer.example",
        "http.tls.names, a b",
        "http.tls.names, 10.0.0.1",
        "http.tls.names, fd00::1",
        "faults.names, 10.0.0.1"
    })
    void refusesAnElementOfAList(String key, String value) {
        assertThat(refusal(Map.of(), Map.of(key, value)))
                .startsWith("command line --set " + key + ": " + key + " is \"" + value + "\", allowed: a");
    }

    @Test
    void refusesSharedPortsOfAClusterThatIsOn() {
        assertThat(refusal(Map.of(), Map.of("cluster.enabled", "true", "cluster.port", "8080")))
                .isEqualTo("command line --set cluster.port: cluster.port is \"8080\", but http.port is the same"
                        + " (default); allowed: a port for each server, or 0");
    }

    @Test
    void namesTheVariable() {
        assertThat(refusal(Map.of("GREETER_HTTP_PORT", "abc"), Map.of()))
                .isEqualTo("environment GREETER_HTTP_PORT: http.port is \"abc\","
                        + " allowed: a whole number from 0 to 65535 (0 takes a free one)");
    }

    @ParameterizedTest
    @CsvSource({
        "greeting.prot,greeting.port",
        "greeting.maxconnections,greeting.maxConnections",
        "greting.port,greeting.port",
        "exchange.maxPerSecond,exchangeLog.maxPerSecond",
        "log.lvl,log.level",
    })
    void suggestsTheNearestKey(String unknown, String meant) {
        assertThat(refusal(Map.of(), Map.of(unknown, "1")))
                .isEqualTo("command line --set " + unknown + ": " + unknown
                        + " is \"1\", but there is no such key; did you mean " + meant + "?");
    }

    @Test
    void showsATextInOneLineAsItIsRead() {
        assertThat(refusal(Map.of(), Map.of("node.name", "a\n\u001b\u2028\u2029\u202e\ud83d\u00e9")))
                .startsWith("command line --set node.name: node.name is"
                        + " \"a\\u000a\\u001b\\u2028\\u2029\\u202e\\ud83d\u00e9\", allowed: ");
    }

    @Test
    void suggestsTheNearestVariable() {
        assertThat(refusal(Map.of("GREETER_HTTP_PROT", "80"), Map.of()))
                .isEqualTo("environment: GREETER_HTTP_PROT is \"80\","
                        + " but there is no such variable; did you mean GREETER_HTTP_PORT?");
    }

    @Test
    void tellsTheKeysOfTheSectionWhereNoneIsNear() {
        assertThat(refusal(Map.of(), Map.of("log.colour", "red")))
                .isEqualTo("command line --set log.colour: log.colour is \"red\","
                        + " but there is no such key; allowed: log.level, log.format");
    }

    @Test
    void tellsTheKeysOfTheSectionGivenAsAKey() {
        assertThat(refusal(Map.of(), Map.of("management", "9090")))
                .isEqualTo("command line --set management: management is \"9090\","
                        + " but there is no such key; allowed: management.host, management.port, management.tls.certificate,"
                        + " management.tls.key, management.tls.trust, management.tls.names");
    }

    @Test
    void tellsTheKeysOfTheSameLastWord() {
        assertThat(refusal(Map.of("GREETER_PORT", "80"), Map.of()))
                .isEqualTo("environment: GREETER_PORT is \"80\", but there is no such variable; allowed:"
                        + " GREETER_GREETING_PORT, GREETER_HTTP_PORT, GREETER_MANAGEMENT_PORT, GREETER_CLUSTER_PORT,"
                        + " GREETER_CLUSTER_EVENT_BUS_PORT");
    }

    @Test
    void tellsAllKeysWhereNothingIsNear() {
        assertThat(refusal(Map.of(), Map.of("colour", "red")))
                .startsWith(
                        "command line --set colour: colour is \"red\", but there is no such key; allowed: node.name,")
                .endsWith(", log.format");
    }

    @Test
    void tellsEverythingThatIsWrong() {
        assertThat(refusal(
                        Map.of("GREETER_LOG_LEVEL", "loud", "GREETER_CONFIG", "none.yaml"), Map.of("http.prot", "1")))
                .isEqualTo("""
                        environment GREETER_CONFIG: none.yaml cannot be read: there is no such file
                        environment GREETER_LOG_LEVEL: log.level is "loud", allowed: error, warn, info, debug, trace
                        command line --set http.prot: http.prot is "1", but there is no such key; did you mean http.port?""");
    }

    @Test
    void refusesABadValueThatALaterSourceReplaces() {
        assertThat(refusal(Map.of("GREETER_LOG_LEVEL", "loud"), Map.of("log.level", "warn")))
                .isEqualTo("environment GREETER_LOG_LEVEL: log.level is \"loud\","
                        + " allowed: error, warn, info, debug, trace");
    }

    @Test
    void staysOneLineWhateverTheValueHolds() {
        assertThat(refusal(Map.of(), Map.of("log.level", "a\nb\u001b[31m\u2028" + "x".repeat(100))))
                .isEqualTo("command line --set log.level: log.level is \"a\\u000ab\\u001b[31m\\u2028" + "x".repeat(91)
                        + "…\", allowed: error, warn, info, debug, trace");
    }

    @Test
    void refusesOnePortForTwoServers() {
        assertThat(refusal(Map.of("GREETER_MANAGEMENT_PORT", "8080"), Map.of()))
                .isEqualTo("environment GREETER_MANAGEMENT_PORT: management.port is \"8080\","
                        + " but http.port is the same (default); allowed: a port for each server, or 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::"})
    void refusesOnePortOnOverlappingHosts(String host) {
        assertThat(refusal(Map.of(), Map.of("http.host", host, "greeting.port", "7", "http.port", "7")))
                .isEqualTo("command line --set http.port: http.port is \"7\", but greeting.port is the same"
                        + " (command line --set greeting.port); allowed: a port for each server, or 0");
    }

    /** A name may stand for the other address, and connections are told apart by the address that they come to. */
    @Test
    void refusesOnePortOnANameAndAnAddress() {
        assertThat(refusal(
                        Map.of(),
                        Map.of(
                                "greeting.host",
                                "localhost",
                                "http.host",
                                "10.0.0.1",
                                "greeting.port",
                                "7",
                                "http.port",
                                "7")))
                .contains("http.port is \"7\", but greeting.port is the same");
    }

    @Test
    void allowsOnePortOnTwoHostsAndAnyNumberOfFreePorts() throws Exception {
        new ConfigSources(
                        Optional.empty(),
                        Map.of(),
                        Map.of("http.host", "10.0.0.1", "management.host", "127.0.0.1", "management.port", "8080"))
                .load();
        new ConfigSources(Optional.empty(), Map.of(), Map.of("http.port", "0", "management.port", "0")).load();
    }

    @Test
    void tellsThatTheFileOfTheCommandLineIsMissing() {
        assertThat(refusal(Optional.of(Path.of("none.yaml")), Map.of(), Map.of()))
                .isEqualTo("command line --config: none.yaml cannot be read: there is no such file");
    }

    @Test
    void saysWhichLocaleAFilesNameNeeds() {
        String needed = "is no file's name in this locale; one beyond ASCII needs a locale such as LC_ALL=C.UTF-8";
        assertThat(refusal(Map.of("GREETER_CONFIG", "a\u0000b"), Map.of()))
                .isEqualTo("environment GREETER_CONFIG: a\\u0000b " + needed);
        assertThat(PemFile.read("a\u0000b").problem()).isEqualTo("it " + needed);
    }

    /** The message that these sources are refused with. */
    static String refusal(Map<String, String> environment, Map<String, String> commandLine) {
        return refusal(Optional.empty(), environment, commandLine);
    }

    static String refusal(Optional<Path> file, Map<String, String> environment, Map<String, String> commandLine) {
        return String.valueOf(catchThrowableOfType(
                        ConfigException.class, () -> new ConfigSources(file, environment, commandLine).load())
                .getMessage());
    }
}

package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One grammar of targets for every command, and one line for what is none. */
class TargetsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                    | it has no host",
                ":1234                 | it has no host",
                "localhost:            | the port is not a number from 1 to 65535",
                "localhost:0           | the port is not a number from 1 to 65535",
                "localhost:65536       | the port is not a number from 1 to 65535",
                "localhost:80:80       | an IPv6 address needs brackets, such as [::1]",
                "::1                   | an IPv6 address needs brackets, such as [::1]",
                "[::1                  | the brackets hold no IPv6 address",
                "[fe80::1%nope]:1234   | the zone of the address is no network interface of this machine",
                "a b                   | the host is neither a name nor an address",
                "a..b                  | the host is neither a name nor an address",
                "user@localhost        | the host is neither a name nor an address",
                "localhost/page        | the host is neither a name nor an address",
                "http://localhost:80   | its scheme is not tls",
                "tls://                | it has no host",
            })
    void refusesWhatIsNoGreetingTarget(String target, String why) {
        assertThat(Cli.run("hello", target)).isEqualTo(Cli.misused("""
                                greeter hello: "%s" is not [tls://]HOST[:PORT], such as localhost:1234 or [::1]:1234: %s
                                Try 'greeter hello --help'.""".formatted(target, why)));
    }

    static Stream<Arguments> noUrls() {
        String[][] urls = {
            {"", "it has no host"},
            {"http://", "it has no host"},
            {"http:///x", "it has no host"},
            {"http://:80/", "it has no host"},
            {"//localhost/", "it has no host"},
            {"ftp://localhost/", "its scheme is neither http nor https"},
            {"ws://localhost/", "its scheme is neither http nor https"},
            {"tls://localhost:1234", "its scheme is neither http nor https"},
            {"http://localhost:/", "the port is not a number from 1 to 65535"},
            {"http://localhost:0/", "the port is not a number from 1 to 65535"},
            {"http://localhost:99999", "the port is not a number from 1 to 65535"},
            {"http:/localhost", "the port is not a number from 1 to 65535"},
            {"http://[::1", "the brackets hold no IPv6 address"},
            {"http://[fe80::1%25nope]/", "the zone of the address is no network interface of this machine"},
            {"http://::1/", "an IPv6 address needs brackets, such as [::1]"},
            {"http://a..b/", "the host is neither a name nor an address"},
            {"http://a b/", "the host is neither a name nor an address"},
            {"http:\\\\localhost\\", "the port is not a number from 1 to 65535"},
            {"http://10.0.0.256/", "the host is neither a name nor an address"},
            {" http://localhost/", "it has blanks around it"},
            {"http://localhost/ ", "it has blanks around it"},
        };
        return Stream.of("get", "stats", "health", "probe")
                .flatMap(command -> Stream.of(urls).map(url -> Arguments.of(command, url[0], url[1])));
    }

    @ParameterizedTest
    @MethodSource("noUrls")
    void refusesWhatIsNoUrl(String command, String url, String why) {
        boolean verify = command.equals("probe");
        Cli run = verify ? Cli.run(command, "localhost:1", "--verify", url) : Cli.run(command, url);
        assertThat(run).isEqualTo(Cli.misused("""
                                greeter %s: %s"%s" is not a URL such as http://localhost:8080/: %s
                                Try 'greeter %s --help'.""".formatted(command, verify ? "--verify: " : "", url, why, command)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "127.0.0.1:8080/stats  | is neither HOST:PORT, such as localhost:1234, nor a URL with its scheme",
                "ftp://localhost/      | is not a URL such as http://localhost:8080/: its scheme is neither http nor https",
                "http://a..b/          | is not a URL such as http://localhost:8080/: the host is neither a name nor an address",
                "http://localhost:0/   | is not a URL such as http://localhost:8080/: the port is not a number from 1 to 65535",
                "a..b:1234             | is not [tls://]HOST[:PORT], such as localhost:1234 or [::1]:1234: the host is neither a name nor an address",
                "::1:1234              | is not [tls://]HOST[:PORT], such as localhost:1234 or [::1]:1234: an IPv6 address needs brackets, such as [::1]",
            })
    void refusesWhatIsNoTargetOfAProbe(String target, String why) {
        assertThat(Cli.run("probe", target)).isEqualTo(Cli.misused("""
                                greeter probe: "%s" %s
                                Try 'greeter probe --help'.""".formatted(target, why)));
    }

    @ParameterizedTest
    @CsvSource({"get", "stats", "health", "probe"})
    void refusesControlCharacters(String command) {
        for (String octet : new String[] {"\r\nx: y", "\t", "\u007f", "\u0085"}) {
            Cli run = Cli.run(command, "http://localhost/" + octet + "z");
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("it has control characters").hasLineCount(2);
        }
    }
}

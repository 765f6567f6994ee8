package dev.greeter.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {
    @ParameterizedTest
    @CsvSource({
        "localhost,              localhost,          1234, localhost:1234",
        "localhost:80,           localhost,          80,   localhost:80",
        "LOCALHOST:080,          LOCALHOST,          80,   LOCALHOST:80",
        "my_service:1,           my_service,         1,    my_service:1",
        "a.example.:65535,       a.example.,         65535, a.example.:65535",
        "10.0.0.7,               10.0.0.7,           1234, 10.0.0.7:1234",
        "[::1],                  ::1,                1234, [::1]:1234",
        "[::1]:80,               ::1,                80,   [::1]:80",
        "[0:0:0:0:0:0:0:1]:80,   ::1,                80,   [::1]:80",
        "[2001:DB8::0:1],        2001:db8::1,        1234, [2001:db8::1]:1234",
        "[fe80::1%eth0]:80,      fe80::1%eth0,       80,   [fe80::1%eth0]:80",
        "[::ffff:127.0.0.1]:80,  ::ffff:127.0.0.1,   80,   [::ffff:127.0.0.1]:80",
        "bücher.example:80,      xn--bcher-kva.example, 80, xn--bcher-kva.example:80",
    })
    void readsAHostAndAPort(String text, String host, int port, String written) {
        HostPort read = HostPort.parse(text, 1234);
        assertThat(read).isEqualTo(new HostPort(host, port)).hasToString(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''              | it has no host",
                ":1234           | it has no host",
                "localhost:      | the port is not a number from 1 to 65535",
                "localhost:0     | the port is not a number from 1 to 65535",
                "localhost:65536 | the port is not a number from 1 to 65535",
                "localhost:+80   | the port is not a number from 1 to 65535",
                "localhost:8 0   | the port is not a number from 1 to 65535",
                "[::1]:          | the port is not a number from 1 to 65535",
                "::1             | an IPv6 address needs brackets, such as [::1]",
                "fe80::1:1234    | an IPv6 address needs brackets, such as [::1]",
                "[::1            | the brackets hold no IPv6 address",
                "[::1]80         | the brackets hold no IPv6 address",
                "[1:2:3]:80      | the brackets hold no IPv6 address",
                "[localhost]:80  | the brackets hold no IPv6 address",
                "[127.0.0.1]:80  | the brackets hold no IPv6 address",
                "[fe80::1%]:80   | the brackets hold no IPv6 address",
                "a..b            | the host is neither a name nor an address",
                ".a              | the host is neither a name nor an address",
                "-a              | the host is neither a name nor an address",
                "a b             | the host is neither a name nor an address",
                "a/b             | the host is neither a name nor an address",
                "a\\b            | the host is neither a name nor an address",
                "user@a          | the host is neither a name nor an address",
                "10.0.0.256      | the host is neither a name nor an address",
                "127.1           | the host is neither a name nor an address",
                "10.0.0.7.       | the host is neither a name nor an address",
                "2130706433      | the host is neither a name nor an address",
            })
    void saysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> HostPort.parse(text, 1234))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void refusesALabelOver63OctetsAndANameOver253() {
        HostPort.host("x".repeat(63));
        HostPort.host(("x".repeat(49) + ".").repeat(5));
        assertThatThrownBy(() -> HostPort.host("x".repeat(64))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HostPort.host(("x".repeat(49) + ".").repeat(5) + "more"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "::1, [::1]:80",
        "::, [::]:80",
        "1::, [1::]:80",
        "1:0:0:2:0:0:0:3, [1:0:0:2::3]:80",
        "1:0:0:2:3:0:0:4, [1::2:3:0:0:4]:80",
        "1:2:3:4:5:6:0:8, [1:2:3:4:5:6:0:8]:80",
        "2001:0DB8::00FF, [2001:db8::ff]:80",
        "127.0.0.1, 127.0.0.1:80",
    })
    void writesAnAddressAsRfc5952HasIt(String address, String written) throws Exception {
        InetSocketAddress bound = new InetSocketAddress(InetAddress.getByName(address), 80);
        assertThat(HostPort.of(bound)).hasToString(written);
    }

    @Test
    void writesAZone() throws Exception {
        InetAddress linkLocal = InetAddress.getByName("fe80::1%1");
        assertThat(HostPort.text(linkLocal)).startsWith("fe80::1%");
    }

    @Test
    void writesANameThatIsNotResolved() {
        assertThat(HostPort.of(InetSocketAddress.createUnresolved("a.example", 80)))
                .hasToString("a.example:80");
    }
}

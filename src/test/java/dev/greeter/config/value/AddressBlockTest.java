package dev.greeter.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8, 10.255.255.255, 11.0.0.0",
        "10.1.2.3/8, 10.0.0.0/8, 10.0.0.0, 9.255.255.255",
        "192.0.2.128/25, 192.0.2.128/25, 192.0.2.255, 192.0.2.127",
        "192.0.2.7, 192.0.2.7/32, 192.0.2.7, 192.0.2.6",
        "0.0.0.0/0, 0.0.0.0/0, 203.0.113.9, ::1",
        "::/0, ::/0, 2001:db8::1, 10.0.0.1",
        "FD00::/8, fd00::/8, fdff::1, fe00::1",
        "2001:db8:0:0:1::/65, 2001:db8::/65, 2001:db8::7fff:0:0:0, 2001:db8::8000:0:0:0",
        "::1, ::1/128, ::1, ::2",
        "::ffff:10.0.0.1, 10.0.0.1/32, 10.0.0.1, 10.0.0.2"
    })
    void containsTheAddressesOfItsPrefix(String text, String canonical, String inside, String outside)
            throws Exception {
        AddressBlock block = AddressBlock.of(text).orElseThrow();
        assertThat(block).hasToString(canonical);
        assertThat(AddressBlock.of(canonical).orElseThrow()).hasToString(canonical);
        assertThat(block.contains(InetAddress.getByName(inside))).isTrue();
        assertThat(block.contains(InetAddress.getByName(outside))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/",
                "10.0.0/8",
                "10",
                "10.0.0.0/-1",
                "10.0.0.0/08000",
                "localhost",
                "[::1]/128",
                "fe80::1%eth0",
                "10.0.0.256/8",
                "1:2",
                "10.0.0.0/8 "
            })
    void readsNothingElse(String text) {
        assertThat(AddressBlock.of(text)).isEmpty();
    }
}

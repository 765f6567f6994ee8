package dev.greeter.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsableAddressesTest {
    @Test
    void keepsBothFamiliesWhereEachHasARoute() throws UnknownHostException {
        List<InetAddress> both = addresses("10.9.9.1", "10.9.9.2", "fd00::1", "fd00::2");
        assertThat(UsableAddresses.of(both, address -> true)).isEqualTo(both);
    }

    @Test
    void leavesOutAFamilyWithoutARoute() throws UnknownHostException {
        List<InetAddress> both = addresses("10.9.9.1", "10.9.9.2", "fd00::1", "fd00::2");
        assertThat(UsableAddresses.of(both, address -> !(address instanceof Inet6Address)))
                .isEqualTo(addresses("10.9.9.1", "10.9.9.2"));
        assertThat(UsableAddresses.of(both, Inet6Address.class::isInstance)).isEqualTo(addresses("fd00::1", "fd00::2"));
    }

    @Test
    void keepsAnAddressWithoutARouteBesideOneOfItsFamily() throws UnknownHostException {
        List<InetAddress> both = addresses("10.9.9.1", "fd00::1", "fd00::2");
        assertThat(UsableAddresses.of(both, address -> !address.equals(both.get(1))))
                .isEqualTo(both);
    }

    @Test
    void keepsAllWhereNoneHasARoute() throws UnknownHostException {
        List<InetAddress> both = addresses("10.9.9.1", "fd00::1");
        assertThat(UsableAddresses.of(both, address -> false)).isEqualTo(both);
        assertThat(UsableAddresses.of(addresses("fd00::1"), address -> false)).isEqualTo(addresses("fd00::1"));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8:1::1, true",
        "2001:db8::1, fd00::1, true",
        "fd00::2, fd00::1, true",
        "fd00::2, 2001:db8::1, false",
        "fe80::2, fe80::1, true",
        "fe80::2, 2001:db8::1, false",
        "::1, ::1, true",
        // IPv4 has translation of addresses
        "10.0.0.1, 203.0.113.1, true"
    })
    void expectsNoAnswerFromElsewhereToALocalAddressOfIpv6(String source, String target, boolean leads)
            throws UnknownHostException {
        assertThat(UsableAddresses.leads(InetAddress.getByName(source), InetAddress.getByName(target)))
                .isEqualTo(leads);
    }

    private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(InetAddress.getByName(text));
        }
        return addresses;
    }
}

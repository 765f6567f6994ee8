package dev.greeter.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.PeerDetail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerMaskTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.77:53420,203.0.113.0/24",
        "10.0.0.7:1,10.0.0.0/24",
        "198.51.100.9:0,198.51.100.0/24",
        "[2001:db8:aa:bb::1]:0,2001:db8:aa::/48",
        "[2001:db8:1:2:3:4:5:6]:53420,2001:db8:1::/48",
        "[2001:db8:ffff:ffff::1]:1,2001:db8:ffff::/48",
        "[fe80::1%eth0]:1,fe80::/48",
        "[::1]:1,::/48",
        "a.example:1,",
        "unix,",
    })
    void showsTheNetworkAlone(String peer, String shown) {
        assertThat(PeerMask.shown(peer, PeerDetail.MASKED)).isEqualTo(shown);
    }

    @Test
    void showsAllOrNothing() {
        assertThat(PeerMask.shown("203.0.113.77:53420", PeerDetail.FULL)).isEqualTo("203.0.113.77:53420");
        assertThat(PeerMask.shown("203.0.113.77:53420", PeerDetail.NONE)).isNull();
    }
}

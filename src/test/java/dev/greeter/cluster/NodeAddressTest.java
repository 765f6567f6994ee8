package dev.greeter.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.config.Config;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeAddressTest {
    @Test
    void isTheOneThatIsConfigured() throws Exception {
        assertThat(NodeAddress.of(config("127.0.0.3", List.of(), ""))).isEqualTo(InetAddress.getByName("127.0.0.3"));
    }

    @Test
    void isTheOneThatTheOthersAreReachedFrom() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        assertThat(NodeAddress.of(config("", List.of("127.0.0.1:5701"), ""))).isEqualTo(loopback);
        assertThat(NodeAddress.of(config("", List.of("nowhere.invalid:5701", "127.0.0.1:5701"), "")))
                .isEqualTo(loopback);
        assertThat(NodeAddress.of(config("", List.of(), "localhost")).isLoopbackAddress())
                .isTrue();
    }

    @Test
    void takesAnIpv6AddressInBrackets() throws Exception {
        InetAddress loopback = NodeAddress.of(config("::1", List.of(), ""));
        if (NetworkInterface.getByInetAddress(loopback) != null) {
            assertThat(NodeAddress.of(config("", List.of("[::1]:5701"), ""))).isEqualTo(loopback);
        }
    }

    @Test
    void isOfThisMachineWhereNobodyElseIsKnown() throws Exception {
        InetAddress address = NodeAddress.of(config("", List.of(), ""));
        assertThat(NetworkInterface.getByInetAddress(address)).isNotNull();
        assertThat(address.isAnyLocalAddress()).isFalse();
    }

    @Test
    void isNoneWhereTheOneThatIsConfiguredDoesNotExist() {
        assertThatThrownBy(() -> NodeAddress.of(config("nowhere.invalid", List.of(), "")))
                .isInstanceOf(UnknownHostException.class);
    }

    private static Config.Cluster config(String host, List<String> members, String dns) {
        return new Config.Cluster(
                true, "greeter", host, 5701, 5702, members, dns, new Config.Cluster.BusTls("", "", ""));
    }
}

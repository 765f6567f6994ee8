package dev.greeter.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ResolverTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** Answers every question for an address with those of that family, and drops the questions that it is told to. */
    private static final class NameServer implements AutoCloseable {
        private static final int TYPE_A = 1;
        private static final int TYPE_AAAA = 28;

        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        private final List<InetAddress> addresses;
        private final int secondsToLive;
        private final IntPredicate drops;
        private final AtomicInteger questions = new AtomicInteger();

        NameServer(String address, IntPredicate drops) throws IOException {
            // no time to live, so that every look-up asks
            this(List.of(InetAddress.getByName(address)), 0, drops);
        }

        NameServer(List<InetAddress> addresses, int secondsToLive, IntPredicate drops) throws IOException {
            this.addresses = addresses;
            this.secondsToLive = secondsToLive;
            this.drops = drops;
            Thread thread = new Thread(this::serve, "name server");
            thread.setDaemon(true);
            thread.start();
        }

        String server() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        private void serve() {
            try {
                while (true) {
                    DatagramPacket question = new DatagramPacket(new byte[512], 512);
                    socket.receive(question);
                    if (!drops.test(questions.incrementAndGet())) {
                        byte[] answer = answer(question);
                        socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
                    }
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        /** RFC 1035, section 4.1. */
        private byte[] answer(DatagramPacket question) {
            ByteBuffer in = ByteBuffer.wrap(question.getData(), 0, question.getLength());
            int end = 12;
            while (in.get(end) != 0) {
                end += in.get(end) + 1;
            }
            int type = in.getShort(end + 1);
            List<InetAddress> found = addresses.stream()
                    .filter(address -> type == (address instanceof Inet6Address ? TYPE_AAAA : TYPE_A))
                    .toList();
            int length = end + 5 - 12;
            ByteBuffer out = ByteBuffer.allocate(512);
            out.putShort(in.getShort(0)).putShort((short) 0x8580);
            out.putShort((short) 1)
                    .putShort((short) found.size())
                    .putShort((short) 0)
                    .putShort((short) 0);
            out.put(question.getData(), 12, length);
            for (InetAddress address : found) {
                byte[] value = address.getAddress();
                out.putShort((short) 0xc00c).putShort((short) type).putShort((short) 1);
                out.putInt(secondsToLive).putShort((short) value.length).put(value);
            }
            byte[] octets = new byte[out.position()];
            out.flip().get(octets);
            return octets;
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static ResolvConf conf(NameServer... servers) {
        List<String> all = new ArrayList<>();
        for (NameServer server : servers) {
            all.add(server.server());
        }
        return new ResolvConf(all, List.of(), 1, false);
    }

    @Test
    void asksAgainAfterALostDatagram(Vertx vertx) throws Exception {
        for (int lost : List.of(1, 2, 3)) {
            try (NameServer server = new NameServer("192.0.2.7", nth -> nth <= lost)) {
                Resolver resolver = new Resolver(vertx, () -> conf(server));
                assertThat(resolver.resolve("greeter.test", TIMEOUT).await().getHostAddress())
                        .isEqualTo("192.0.2.7");
            }
        }
    }

    @Test
    void losesNoLookUpWhileEveryFourthDatagramIsLost(Vertx vertx) throws Exception {
        try (NameServer server = new NameServer("192.0.2.7", nth -> nth % 4 == 0)) {
            Resolver resolver = new Resolver(vertx, () -> conf(server));
            List<Future<InetAddress>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(resolver.resolve("greeter" + i + ".test", TIMEOUT));
            }
            assertThat(Future.join(all).await().succeeded()).isTrue();
        }
    }

    @Test
    void asksTheNextServerWhereOneIsSilent(Vertx vertx) throws Exception {
        try (NameServer silent = new NameServer("192.0.2.1", nth -> true);
                NameServer server = new NameServer("192.0.2.2", nth -> false)) {
            Resolver resolver = new Resolver(vertx, () -> conf(silent, server));
            assertThat(resolver.resolve("greeter.test", TIMEOUT).await().getHostAddress())
                    .isEqualTo("192.0.2.2");
        }
    }

    @Test
    void usesTheAddressesOfBothFamilies(Vertx vertx) throws Exception {
        assumeTrue(hasIpv6());
        // a rare one comes only where both answers came at once
        assertThat(resolved(vertx, "127.0.0.1", "127.0.0.2", "::1"))
                .containsOnlyKeys("127.0.0.1", "127.0.0.2", "0:0:0:0:0:0:0:1")
                .allSatisfy((address, times) -> assertThat(times).isGreaterThan(30));
    }

    @Test
    void leavesOutAFamilyWithoutARoute(Vertx vertx) throws Exception {
        assumeTrue(hasIpv6());
        // a socket may not be connected to all machines
        assertThat(resolved(vertx, "255.255.255.255", "::1")).containsOnlyKeys("0:0:0:0:0:0:0:1");
    }

    /** Returns how often each address of a name comes in two hundred look-ups. */
    private static Map<String, Integer> resolved(Vertx vertx, String... addresses) throws IOException {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.getByName(address));
        }
        try (NameServer server = new NameServer(all, 1, nth -> false)) {
            Resolver resolver = new Resolver(vertx, () -> conf(server));
            Map<String, Integer> times = new TreeMap<>();
            for (int i = 0; i < 200; i++) {
                InetAddress address = resolver.resolve("greeter.test", TIMEOUT).await();
                times.merge(address.getHostAddress(), 1, Integer::sum);
            }
            return times;
        }
    }

    /** Netty asks for addresses of IPv6 only where the machine has one itself. */
    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address instanceof Inet6Address
                        && !address.isLoopbackAddress()
                        && !address.isLinkLocalAddress());
    }

    @Test
    void failsWhereNoServerAnswersInTime(Vertx vertx) throws Exception {
        try (NameServer silent = new NameServer("192.0.2.1", nth -> true)) {
            Resolver resolver = new Resolver(vertx, () -> conf(silent));
            assertThatThrownBy(() -> resolver.resolve("greeter.test", Duration.ofMillis(1))
                            .await())
                    .isInstanceOf(UnknownHostException.class)
                    .satisfies(cause -> assertThat(NetworkFailure.of(NetworkFailure.Stage.RESOLVING, cause, null)
                                    .text())
                            .isEqualTo("no name server answered"));
        }
    }

    @Test
    void followsAConfigurationThatChanges(Vertx vertx) throws Exception {
        try (NameServer before = new NameServer("192.0.2.1", nth -> false);
                NameServer after = new NameServer("192.0.2.2", nth -> false)) {
            AtomicReference<ResolvConf> conf = new AtomicReference<>(conf(before));
            Resolver resolver = new Resolver(vertx, conf::get);
            assertThat(resolver.resolve("greeter.test", TIMEOUT).await().getHostAddress())
                    .isEqualTo("192.0.2.1");
            conf.set(conf(after));
            String address;
            do {
                address = resolver.resolve("greeter.test", TIMEOUT).await().getHostAddress();
            } while (!address.equals("192.0.2.2"));
        }
    }

    @Test
    void readsWhatResolvConfSays() {
        assertThat(ResolvConf.of(List.of(
                        "# a comment",
                        "nameserver 10.0.0.10",
                        "nameserver fd00::10",
                        "nameserver fe80::1%eth0",
                        "search a.svc.cluster.local svc.cluster.local",
                        "options ndots:5 rotate timeout:2")))
                .isEqualTo(new ResolvConf(
                        List.of("10.0.0.10:53", "fd00::10:53"),
                        List.of("a.svc.cluster.local", "svc.cluster.local"),
                        5,
                        true));
        assertThat(ResolvConf.of(List.of("nameserver", "options ndots:99999 ndots:x")))
                .isEqualTo(new ResolvConf(List.of("127.0.0.1:53"), List.of(), 1, false));
    }
}

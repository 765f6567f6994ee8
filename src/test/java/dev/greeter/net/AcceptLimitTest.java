package dev.greeter.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.value.HostPort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptLimitTest {
    private static final int MOST = 5;
    private static final int RESERVED = 2;

    private final AcceptLimit limit = new AcceptLimit(MOST, RESERVED);

    @Test
    void keepsTheLastPlacesForAServer() {
        InetSocketAddress there = at("10.0.0.1");
        // the same port of another address
        InetSocketAddress other = at("10.0.0.2");
        limit.reserveFor(new ServerBinding("10.0.0.1", 9090, 1, 1, 1, null));
        for (int i = 0; i < MOST - RESERVED; i++) {
            assertThat(limit.take(other)).isTrue();
        }
        assertThat(limit.take(other)).isFalse();
        assertThat(limit.take(there)).isTrue();
        assertThat(limit.take(there)).isTrue();
        assertThat(limit.take(there)).isFalse();
        limit.free();
        assertThat(limit.take(other)).isFalse();
        assertThat(limit.take(there)).isTrue();
    }

    private static InetSocketAddress at(String host) {
        return new InetSocketAddress(HostPort.address(host).orElseThrow(), 9090);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closesWhatIsOverItAndAcceptsAgainBelowIt(boolean ownAcceptor) throws Exception {
        Vertx vertx = Vertx.builder()
                .withTransport(LimitedTransport.of(limit, ownAcceptor))
                .build();
        List<Socket> open = new ArrayList<>();
        try {
            int port = vertx.createNetServer()
                    .connectHandler(socket -> socket.write("in"))
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
            for (int i = 0; i < MOST - RESERVED; i++) {
                open.add(new Socket(InetAddress.getLoopbackAddress(), port));
                assertThat(open.get(i).getInputStream().readNBytes(2))
                        .asString()
                        .isEqualTo("in");
            }
            for (int i = 0; i < 20; i++) {
                assertThat(isLetIn(port)).isFalse();
            }
            open.remove(0).close();
            await().until(() -> isLetIn(port));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
            vertx.close().await();
        }
    }

    private static boolean isLetIn(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                InputStream in = socket.getInputStream()) {
            return in.read() >= 0;
        } catch (IOException reset) {
            return false;
        }
    }
}

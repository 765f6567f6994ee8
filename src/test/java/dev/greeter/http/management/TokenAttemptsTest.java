package dev.greeter.http.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.junit5.VertxExtension;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class TokenAttemptsTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private TokenAttempts attempts;

    @BeforeEach
    void create(Vertx vertx) {
        attempts = new TokenAttempts(vertx, nanos::get);
    }

    @Test
    void allowsABurstAndThenOneASecond() throws Exception {
        SocketAddress peer = peer("192.0.2.1", 1);
        exhaust(peer);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(attempts.mayTry(peer)).isFalse();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(attempts.mayTry(peer)).isTrue();
        attempts.wrong(peer);
        assertThat(attempts.mayTry(peer)).isFalse();
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        exhaust(peer);
    }

    @Test
    void knowsAClientByItsAddressWhateverItsPort() throws Exception {
        exhaust(peer("192.0.2.1", 1));
        assertThat(attempts.mayTry(peer("192.0.2.1", 2))).isFalse();
        assertThat(attempts.mayTry(peer("192.0.2.2", 1))).isTrue();
    }

    @Test
    void knowsAnIpv6ClientByItsNetwork() throws Exception {
        exhaust(peer("2001:db8:0:1::1", 1));
        assertThat(attempts.mayTry(peer("2001:db8:0:1:ffff::2", 1))).isFalse();
        assertThat(attempts.mayTry(peer("2001:db8:0:2::1", 1))).isTrue();
    }

    @Test
    void keepsABoundedNumberOfClients() throws Exception {
        for (int i = 0; i < 2 * TokenAttempts.MAX_CLIENTS; i++) {
            attempts.wrong(peer("10.0." + (i >> 8) + "." + (i & 0xFF), 1));
        }
        assertThat(attempts.size()).isEqualTo(TokenAttempts.MAX_CLIENTS);
    }

    private void exhaust(SocketAddress peer) {
        for (int i = 0; i < TokenAttempts.BURST; i++) {
            assertThat(attempts.mayTry(peer)).isTrue();
            attempts.wrong(peer);
        }
        assertThat(attempts.mayTry(peer)).isFalse();
    }

    private static SocketAddress peer(String address, int port) throws UnknownHostException {
        return SocketAddress.inetSocketAddress(new InetSocketAddress(InetAddress.getByName(address), port));
    }
}

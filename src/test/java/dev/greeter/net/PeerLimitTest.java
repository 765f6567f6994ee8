package dev.greeter.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeerLimitTest {
    private long nanos = Long.MAX_VALUE - 5;
    private final PeerLimit limit = new PeerLimit(() -> nanos);

    @Test
    void letsEachClientHaveAsManyAtATime() {
        limit.change(new Config.Peers(2, 0));
        Runnable first = taken("203.0.113.7");
        taken("203.0.113.7");
        assertThat(take("203.0.113.7")).isNull();
        taken("203.0.113.8");
        first.run();
        taken("203.0.113.7");
        assertThat(take("203.0.113.7")).isNull();
    }

    @Test
    void letsEachClientOpenAsManyInASecond() {
        limit.change(new Config.Peers(0, 2));
        taken("203.0.113.7").run();
        taken("203.0.113.7").run();
        assertThat(take("203.0.113.7")).isNull();
        taken("203.0.113.8").run();
        pass(Duration.ofMillis(499));
        assertThat(take("203.0.113.7")).isNull();
        pass(Duration.ofMillis(2));
        taken("203.0.113.7").run();
        assertThat(take("203.0.113.7")).isNull();
        pass(Duration.ofHours(1));
        taken("203.0.113.7").run();
        taken("203.0.113.7").run();
        assertThat(take("203.0.113.7")).isNull();
    }

    @Test
    void takesANetworkOfIpv6ForOneClient() {
        limit.change(new Config.Peers(1, 0));
        taken("2001:db8:1:2::1");
        assertThat(take("2001:db8:1:2:3:4:5:6")).isNull();
        taken("2001:db8:1:3::1");
        taken("203.0.113.7");
        assertThat(take("::ffff:203.0.113.7"))
                .as("the same, as a socket of both kinds has it")
                .isNull();
        assertThat(take("64:ff9b::203.0.113.7"))
                .as("the same, as a translator has it")
                .isNull();
        taken("64:ff9b::203.0.113.8");
        taken("64:ff9b:0:1::203.0.113.8");
    }

    @Test
    void limitsNobodyAtFirstAndNobodyAnyMore() {
        for (int i = 0; i < 100; i++) {
            taken("203.0.113.7");
        }
        limit.change(new Config.Peers(1, 1));
        Runnable open = taken("203.0.113.7");
        assertThat(take("203.0.113.7")).isNull();
        limit.change(new Config.Peers(0, 0));
        taken("203.0.113.7").run();
        open.run();
        limit.change(new Config.Peers(1, 0));
        taken("203.0.113.7");
        assertThat(take("203.0.113.7")).isNull();
    }

    @Test
    void forgetsClientsThatAreGone() {
        limit.change(new Config.Peers(1, 1));
        for (int i = 0; i < 100_000; i++) {
            Runnable taken = taken("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
            if (i >= 10) {
                taken.run();
            }
            pass(Duration.ofMillis(10));
        }
        assertThat(limit.size()).isLessThan(2_100);
        assertThat(take("10.0.0.9")).as("it is still here").isNull();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private Runnable taken(String address) {
        return Objects.requireNonNull(take(address), address);
    }

    private @Nullable Runnable take(String address) {
        try {
            return limit.take(new InetSocketAddress(InetAddress.getByName(address), 1));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}

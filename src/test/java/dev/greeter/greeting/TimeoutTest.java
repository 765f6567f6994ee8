package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that do not send in time. */
class TimeoutTest {
    @Test
    void refusesAClientThatDoesNotFinishItsFirstRequestInTime() {
        try (Server server = new Server(with(Duration.ofMillis(150), Duration.ofSeconds(30)));
                RawClient peer = new RawClient(server.port())) {
            assertThat(peer.send("Hel").rest()).isEqualTo(Server.said("timeout"));
            server.awaitTally(0, 1, 0);
        }
    }

    @Test
    void doesNotCountAClientThatSaysNothingInTime() {
        try (Server server = new Server(with(Duration.ofMillis(150), Duration.ofSeconds(30)));
                RawClient peer = new RawClient(server.port())) {
            assertThat(peer.rest()).isEqualTo(Server.said("timeout"));
            peer.leave();
            try (RawClient next = new RawClient(server.port())) {
                next.send("Hello").rest();
            }
            server.awaitTally(1, 0, 0);
        }
    }

    @Test
    void endsAnIdleSession() {
        try (Server server = new Server(with(Duration.ofSeconds(30), Duration.ofMillis(150)));
                RawClient peer = new RawClient(server.port())) {
            assertThat(peer.send("GREETING/2\n").rest()).isEqualTo(Server.said("timeout-in-session"));
            server.awaitTally(0, 0, 0);
        }
    }

    @Test
    void doesNotTakeTricklingOctetsForActivity() {
        try (Server server = new Server(with(Duration.ofSeconds(30), Duration.ofMillis(300)));
                RawClient peer = new RawClient(server.port())) {
            peer.send("GREETING/2\n");
            long trickle = server.vertx.setPeriodic(20, timer -> peer.trySend("x"));
            assertThat(peer.rest()).isEqualTo(Server.said("timeout-in-session"));
            server.awaitTally(0, 1, 0);
            server.vertx.cancelTimer(trickle);
        }
    }

    private static Config.Greeting with(Duration handshakeTimeout, Duration idleTimeout) {
        return Configs.greeting("127.0.0.1", 0, 1, 10_000, handshakeTimeout, idleTimeout);
    }
}

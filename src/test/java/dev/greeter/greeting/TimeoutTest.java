package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that do not send in time. */
class TimeoutTest {
    @Test
    void refusesAClientThatDoesNotFinishItsFirstRequestInTime() throws IOException {
        try (Server server = new Server(with(Duration.ofMillis(150), Duration.ofSeconds(30)));
                Peer peer = new Peer(server.port())) {
            assertThat(peer.say("Hel").hearAll()).isEqualTo(Server.said("timeout"));
            server.awaitTally(0, 1, 0);
        }
    }

    @Test
    void doesNotCountAClientThatSaysNothingInTime() throws IOException {
        try (Server server = new Server(with(Duration.ofMillis(150), Duration.ofSeconds(30)));
                Peer peer = new Peer(server.port())) {
            assertThat(peer.hearAll()).isEqualTo(Server.said("timeout"));
            peer.leave();
            try (Peer next = new Peer(server.port())) {
                next.say("Hello").hearAll();
            }
            server.awaitTally(1, 0, 0);
        }
    }

    @Test
    void endsAnIdleSession() throws IOException {
        try (Server server = new Server(with(Duration.ofSeconds(30), Duration.ofMillis(150)));
                Peer peer = new Peer(server.port())) {
            assertThat(peer.say("GREETING/2\n").hearAll()).isEqualTo(Server.said("timeout-in-session"));
            server.awaitTally(0, 0, 0);
        }
    }

    @Test
    void doesNotTakeTricklingOctetsForActivity() throws IOException {
        try (Server server = new Server(with(Duration.ofSeconds(30), Duration.ofMillis(300)));
                Peer peer = new Peer(server.port())) {
            peer.say("GREETING/2\n");
            long trickle = server.vertx.setPeriodic(20, timer -> peer.trySay("x"));
            assertThat(peer.hearAll()).isEqualTo(Server.said("timeout-in-session"));
            server.awaitTally(0, 1, 0);
            server.vertx.cancelTimer(trickle);
        }
    }

    private static Config.Greeting with(Duration handshakeTimeout, Duration idleTimeout) {
        return new Config.Greeting("127.0.0.1", 0, 1, 10_000, handshakeTimeout, idleTimeout);
    }
}

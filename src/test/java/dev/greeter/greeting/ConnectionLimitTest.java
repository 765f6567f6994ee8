package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The limit of connections, also where it changes while some are open. */
class ConnectionLimitTest {
    private static final String PREFACE = "GREETING/2\n";
    private static final String BUSY = "Error busy ";

    @Test
    void refusesConnectionsOverTheLimitAndTakesThemAgainBelowIt() throws IOException {
        Config.Greeting config =
                new Config.Greeting("127.0.0.1", 0, 1, 1, Duration.ofSeconds(30), Duration.ofSeconds(30));
        try (Server server = new Server(config)) {
            try (Peer first = new Peer(server.port())) {
                first.say("GREETING/2\n").hear("GREETING/2\n".length());
                try (Peer second = new Peer(server.port())) {
                    assertThat(second.say("Hello").hearAll()).isEqualTo(Server.said("busy"));
                }
                server.awaitTally(0, 1, 0);
                assertThat(server.exchanges().get(0).reason()).isEqualTo("busy");
                first.say("Hello\n");
                assertThat(first.hear(6)).isEqualTo("World\n");
            }
            await().untilAsserted(() -> {
                try (Peer third = new Peer(server.port())) {
                    assertThat(third.say("Hello").hearAll()).isEqualTo("World");
                }
            });
        }
    }

    @Test
    void keepsWhatIsOpenAndRefusesFurtherOnesWhenTheLimitIsLowered() throws IOException {
        try (Server server = new Server(limit(2));
                Peer first = session(server)) {
            try (Peer second = session(server)) {
                server.change(limit(1));
                assertThat(greet(server)).startsWith(BUSY);
                assertThat(second.say("Hello\n").hear(6)).isEqualTo("World\n");
            }
            // one is still open, which is as many as there may be: the count survived the lowering
            await().until(() -> server.connections() == 1);
            assertThat(greet(server)).startsWith(BUSY);
            first.leave();
            await().untilAsserted(() -> assertThat(greet(server)).isEqualTo("World"));
        }
    }

    @Test
    void takesMoreWhenTheLimitIsRaised() throws IOException {
        try (Server server = new Server(limit(1));
                Peer first = session(server)) {
            assertThat(greet(server)).startsWith(BUSY);
            server.change(limit(2));
            assertThat(greet(server)).isEqualTo("World");
            assertThat(first.say("Hello\n").hear(6)).isEqualTo("World\n");
        }
    }

    @Test
    void timesOutNewConnectionsByTheNewTimeouts() throws IOException {
        try (Server server = new Server(limit(10));
                Peer before = session(server)) {
            server.change(new Config.Greeting("127.0.0.1", 0, 1, 10, Duration.ofMillis(100), Duration.ofMillis(200)));
            try (Peer silent = new Peer(server.port());
                    Peer idle = session(server)) {
                assertThat(silent.hearAll()).startsWith("Error timeout ");
                assertThat(idle.hearAll()).startsWith("Error timeout ");
            }
            assertThat(before.say("Hello\n").hear(6)).isEqualTo("World\n");
        }
    }

    private static Peer session(Server server) throws IOException {
        Peer peer = new Peer(server.port()).say(PREFACE);
        assertThat(peer.hear(PREFACE.length())).isEqualTo(PREFACE);
        return peer;
    }

    private static String greet(Server server) throws IOException {
        try (Peer peer = new Peer(server.port())) {
            return peer.say("Hello").hearAll();
        }
    }

    private static Config.Greeting limit(int maxConnections) {
        return new Config.Greeting("127.0.0.1", 0, 1, maxConnections, Duration.ofSeconds(30), Duration.ofSeconds(30));
    }
}

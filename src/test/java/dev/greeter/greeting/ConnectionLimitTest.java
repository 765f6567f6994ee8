package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The limit of connections, also where it changes while some are open. */
class ConnectionLimitTest {
    private static final String PREFACE = "GREETING/2\n";
    private static final String BUSY = "Error busy ";

    @Test
    void refusesConnectionsOverTheLimitAndTakesThemAgainBelowIt() {
        Config.Greeting config = Configs.greeting("127.0.0.1", 0, 1, 1, Duration.ofSeconds(30), Duration.ofSeconds(30));
        try (Server server = new Server(config)) {
            try (RawClient first = new RawClient(server.port())) {
                first.send("GREETING/2\n").octets("GREETING/2\n".length());
                try (RawClient second = new RawClient(server.port())) {
                    assertThat(second.send("Hello").rest()).isEqualTo(Server.said("busy"));
                }
                server.awaitTally(0, 1, 0);
                assertThat(server.exchanges().get(0).reason()).isEqualTo("busy");
                first.send("Hello\n");
                assertThat(first.octets(6)).isEqualTo("World\n");
            }
            await().untilAsserted(() -> {
                try (RawClient third = new RawClient(server.port())) {
                    assertThat(third.send("Hello").rest()).isEqualTo("World");
                }
            });
        }
    }

    @Test
    void keepsWhatIsOpenAndRefusesFurtherOnesWhenTheLimitIsLowered() {
        try (Server server = new Server(limit(2));
                RawClient first = session(server)) {
            try (RawClient second = session(server)) {
                server.change(limit(1));
                assertThat(greet(server)).startsWith(BUSY);
                assertThat(second.send("Hello\n").octets(6)).isEqualTo("World\n");
            }
            // one is still open, which is as many as there may be: the count survived the lowering
            await().until(() -> server.connections() == 1);
            assertThat(greet(server)).startsWith(BUSY);
            first.leave();
            await().untilAsserted(() -> assertThat(greet(server)).isEqualTo("World"));
        }
    }

    @Test
    void takesMoreWhenTheLimitIsRaised() {
        try (Server server = new Server(limit(1));
                RawClient first = session(server)) {
            assertThat(greet(server)).startsWith(BUSY);
            server.change(limit(2));
            assertThat(greet(server)).isEqualTo("World");
            assertThat(first.send("Hello\n").octets(6)).isEqualTo("World\n");
        }
    }

    @Test
    void timesOutNewConnectionsByTheNewTimeouts() {
        try (Server server = new Server(limit(10));
                RawClient before = session(server)) {
            server.change(Configs.greeting("127.0.0.1", 0, 1, 10, Duration.ofMillis(100), Duration.ofMillis(200)));
            try (RawClient silent = new RawClient(server.port());
                    RawClient idle = session(server)) {
                assertThat(silent.rest()).startsWith("Error timeout ");
                assertThat(idle.rest()).startsWith("Error timeout ");
            }
            assertThat(before.send("Hello\n").octets(6)).isEqualTo("World\n");
        }
    }

    private static RawClient session(Server server) {
        RawClient peer = new RawClient(server.port()).send(PREFACE);
        assertThat(peer.octets(PREFACE.length())).isEqualTo(PREFACE);
        return peer;
    }

    private static String greet(Server server) {
        try (RawClient peer = new RawClient(server.port())) {
            return peer.send("Hello").rest();
        }
    }

    private static Config.Greeting limit(int maxConnections) {
        return Configs.greeting("127.0.0.1", 0, 1, maxConnections, Duration.ofSeconds(30), Duration.ofSeconds(30));
    }
}

package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BacklogTest {
    @Test
    void endsWhoTakesNoAnswersWhileTooManyWait() throws Exception {
        try (Server server = new Server(Server.DEFAULTS, Server.GRACE, new Backlog(1 << 10));
                RawClient reader = new RawClient(server.port())) {
            assertThat(reader.send("GREETING/2\nHello\n").octets(17)).isEqualTo("GREETING/2\nWorld\n");
            try (RawClient deaf = new RawClient(server.port(), 4_096)) {
                deaf.send("GREETING/2\n");
                // ends when the connection does
                deaf.sendForEver("Who\n".repeat(10_000)).join();
            }
            assertThat(reader.send("Hello\n").octets(6)).isEqualTo("World\n");
        }
    }

    @Test
    void endsWhoTakesNoAnswersInTime() throws Exception {
        Duration soon = Duration.ofMillis(300);
        try (Server server = new Server(Configs.greeting("127.0.0.1", 0, 1, 10, Duration.ofSeconds(30), soon));
                RawClient deaf = new RawClient(server.port(), 4_096)) {
            deaf.send("GREETING/2\n");
            // ends when the connection does
            deaf.sendForEver("Who\n".repeat(10_000)).join();
        }
    }
}

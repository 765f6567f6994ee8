package dev.greeter.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.client.connect.ClientTls;
import dev.greeter.testing.HostileServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server sends may be meant to harm. */
class BridgeClientTest {
    private static final int PAIRS = 11;

    private final Vertx vertx = Vertx.vertx(ClientVertx.options(1));
    private final HostileServer server = new HostileServer();

    @AfterEach
    void close() throws IOException {
        server.close();
        vertx.close().await();
    }

    /** In Jackson's table of names, which all texts share, a hash is multiplied by 33 for each character. */
    @Test
    void readsManyNamesWithTheSameHash() {
        String names = IntStream.range(0, 1 << PAIRS)
                .mapToObj(name -> '"' + name(name) + "\":0")
                .collect(Collectors.joining(",", "{", "}"));
        assertThat(answer("{\"type\":\"rec\",\"body\":" + names + "}").size()).isEqualTo(1 << PAIRS);
        assertThat(answer("{\"type\":\"rec\",\"body\":{\"other\":1}}")).isEqualTo(new JsonObject().put("other", 1));
    }

    @Test
    void saysWhatIsNoMessage() {
        assertThatThrownBy(() -> answer("[1]"))
                .isInstanceOf(ClientException.class)
                .hasMessageEndingWith("answered \"[1]\", expected a JSON object");
        assertThatThrownBy(() -> answer("{\"type\":"))
                .isInstanceOf(ClientException.class)
                .hasMessageEndingWith("answered \"{\"type\":\", expected JSON");
    }

    private JsonObject answer(String message) {
        server.say(HostileServer.frame(message.getBytes(UTF_8)), true);
        Url url = Url.parse("http://127.0.0.1:" + server.port());
        return new BridgeClient(vertx, ClientTls.DEFAULT)
                .request(url, "any", new JsonObject(), Duration.ofSeconds(20))
                .await();
    }

    private static String name(int number) {
        return IntStream.range(0, PAIRS)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Bb" : "CA")
                .collect(Collectors.joining());
    }
}

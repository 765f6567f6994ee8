package dev.greeter.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.client.connect.ClientTls;
import dev.greeter.testing.HostileServer;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    /** A close frame, and the close. */
    @Test
    void reportsTheEndOnce() {
        server.say(new byte[] {(byte) 0x88, 0}, true);
        List<String> events = new CopyOnWriteArrayList<>();
        NetSocketInternal connection = (NetSocketInternal) vertx.createNetClient()
                .connect(server.port(), "127.0.0.1")
                .onSuccess(socket -> new ClientWebSocket(socket, url(), recording(events)).start())
                .await();
        connection.channelHandlerContext().channel().closeFuture().awaitUninterruptibly();
        // what the close still causes runs before
        vertx.close().await();
        assertThat(events).containsExactly("opened", "ended: closed");
    }

    private static ClientWebSocket.Listener recording(List<String> events) {
        return new ClientWebSocket.Listener() {
            @Override
            public void opened() {
                events.add("opened");
            }

            @Override
            public void received(String message) {
                events.add("received: " + message);
            }

            @Override
            public void refused(String why) {
                events.add("refused: " + why);
            }

            @Override
            public void ended(String why) {
                events.add("ended: " + why);
            }
        };
    }

    private Url url() {
        return Url.parse("http://127.0.0.1:" + server.port());
    }

    private JsonObject answer(String message) {
        server.say(HostileServer.frame(message.getBytes(UTF_8)), true);
        return new BridgeClient(vertx, ClientTls.DEFAULT)
                .request(url(), "any", new JsonObject(), Duration.ofSeconds(20))
                .await();
    }

    private static String name(int number) {
        return IntStream.range(0, PAIRS)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Bb" : "CA")
                .collect(Collectors.joining());
    }
}

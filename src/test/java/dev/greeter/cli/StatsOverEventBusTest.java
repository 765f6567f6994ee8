package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LocalCodec;
import dev.greeter.config.Config;
import dev.greeter.faults.Faults;
import dev.greeter.http.HttpBinding;
import dev.greeter.http.bridge.BridgeAccess;
import dev.greeter.http.resource.WebVerticle;
import dev.greeter.monitor.Readiness;
import dev.greeter.net.Grace;
import dev.greeter.testing.Configs;
import dev.greeter.testing.FakeServer;
import dev.greeter.testing.Machine;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code greeter stats --over event-bus}, through the service's own bridge, with what a ledger might answer. */
@ExtendWith(VertxExtension.class)
class StatsOverEventBusTest {
    private static final JsonObject STATS = StatsSample.TWO_NODES.toJson();

    private String target = "";
    private Vertx vertx;

    @BeforeEach
    void startBridge(Vertx vertx) {
        this.vertx = vertx;
        LocalCodec.register(vertx.eventBus());
        vertx.eventBus().localConsumer(Addresses.EXCHANGES, batch -> batch.reply(null));
        HttpBinding listener = new HttpBinding(
                Configs.http("localhost", 0, 1, 10, Duration.ofSeconds(60), Duration.ofSeconds(30)), null);
        BridgeAccess bridge = new BridgeAccess(new Config.Bridge(10, 16_384, 20, List.of(), false));
        vertx.deployVerticle(new WebVerticle(
                        listener,
                        bridge,
                        "greeter-0",
                        new Readiness(),
                        new Faults("http"),
                        new Grace(Duration.ofSeconds(1)),
                        new LedgerClient(vertx.eventBus())))
                .await();
        target = "localhost:" + listener.port();
    }

    @Test
    void printsATable() {
        answer(message -> message.reply(STATS));
        assertThat(stats()).isEqualTo(Cli.done(StatsSample.TABLE));
    }

    @Test
    void asksForTheScope() {
        answer(message -> message.reply(STATS.copy().put("node", message.body().encode())));
        assertThat(stats("--scope=node").out()).startsWith("cluster, answered by {\"scope\":\"node\"} at ");
    }

    @Test
    void printsTheDocument() {
        answer(message -> message.reply(STATS));
        assertThat(stats("--json")).isEqualTo(Cli.done(STATS.encode() + "\n"));
    }

    @Test
    void reportsAFailure() {
        answer(message -> message.fail(400, "scope is what it is not"));
        assertThat(stats()).isEqualTo(failed("answered the error \"scope is what it is not\""));
    }

    @Test
    void reportsThatNobodyAnswers() {
        assertThat(stats()).isEqualTo(failed("answered the error \"No handlers for address greeter.stats\""));
    }

    @Test
    void reportsAnAnswerThatIsNoStats() {
        answer(message -> message.reply(new JsonObject()));
        assertThat(stats()).isEqualTo(failed("answered wrong stats: scope is missing; allowed is cluster or node"));
    }

    @Test
    void reportsAnAnswerThatIsNoObject() {
        answer(message -> message.reply(new JsonArray()));
        assertThat(stats()).isEqualTo(failed("""
                                answered "{"type":"rec","address":"replies","body":[]}", expected an object as its body"""));
    }

    @Test
    void givesUpWhenNoAnswerComes() {
        answer(message -> {});
        assertThat(stats("--timeout=300ms")).isEqualTo(failed("timeout of 300ms before an answer"));
    }

    @Test
    void reportsAServerWithoutABridge() {
        assertThat(Cli.run("stats", target + "/elsewhere", "--over=event-bus"))
                .isEqualTo(Cli.failed("greeter stats: http://" + target + "/elsewhere: answered 404, not a WebSocket"));
    }

    @Test
    void reportsARefusedConnection() throws IOException {
        String nobody = "localhost:" + Machine.freePort();
        assertThat(Cli.run("stats", nobody, "--over=event-bus"))
                .isEqualTo(Cli.failed("greeter stats: http://" + nobody + "/eventbus/websocket: connection refused"));
    }

    @Test
    void reportsWhatIsNoWebSocket() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> peer.writeForEver("World"))) {
            Cli cli = Cli.run("stats", server.target(), "--over=event-bus");
            assertThat(cli.err())
                    .startsWith("greeter stats: http://" + server.target() + "/eventbus/websocket: ")
                    .hasLineCount(1);
            assertThat(cli.code()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 200 OK\r\n\r\n', 'answered 200, not a WebSocket'",
        "'HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n', 'answered 302, not a WebSocket'",
        "'HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n', 'answered 404, not a WebSocket'",
        "'SSH-2.0-x\r\n', 'answered no HTTP'",
        "'HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\n\r\n', "
                + "'answered 101, but no WebSocket'",
        "'HTTP/1.1 101 X\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n', 'answered 101, but no WebSocket'",
        "'HTTP/1.1 200', 'closed before an answer'",
        "'', 'closed before an answer'"
    })
    void reportsAnAnswerThatUpgradesNothing(String answer, String why) throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readHead();
            peer.write(answer.replace("\\r", "\r").replace("\\n", "\n"));
        })) {
            assertThat(Cli.run("stats", server.target(), "--over=event-bus").err())
                    .startsWith("greeter stats: http://" + server.target() + "/eventbus/websocket: " + why)
                    .hasLineCount(1);
        }
    }

    @Test
    void readsInterimResponsesPingsAndFragments() throws Exception {
        String reply = new JsonObject().put("type", "rec").put("body", STATS).encode();
        String first = reply.substring(0, 100);
        String rest = reply.substring(100);
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.write("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n"
                    + "upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: "
                    + accept(peer.readHeadField("sec-websocket-key"))
                    // a ping, and a message in two frames with a pong between
                    + "\r\n\r\n\u0089\u0001p\u0001" + (char) first.length() + first + "\u008a\u0000\u0080~"
                    + (char) (rest.length() >> 8) + (char) (rest.length() & 0xff) + rest);
            peer.stall();
        })) {
            assertThat(Cli.run("stats", server.target(), "--over=event-bus", "--json"))
                    .isEqualTo(Cli.done(STATS.encode() + "\n"));
        }
    }

    @Test
    void endsAtAMessageThatIsTooLong() throws Exception {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                    + "sec-websocket-accept: " + accept(peer.readHeadField("sec-websocket-key")) + "\r\n\r\n");
            peer.write("\u0001~\u00ff\u00ff" + "x".repeat(0xffff));
            peer.writeForEver("\u0000~\u00ff\u00ff" + "x".repeat(0xffff));
        })) {
            Cli run = Cli.run("stats", server.target(), "--over=event-bus");
            assertThat(run.err())
                    .contains("/eventbus/websocket: sent a message over 262144 octets")
                    .hasLineCount(1);
            assertThat(run.code()).isEqualTo(1);
        }
    }

    /** More pongs than the kernel holds would stay in the client's memory. */
    @Test
    void answersTheNewestPingOnlyOfAServerThatReadsNothing() throws Exception {
        int pings = 100_000;
        AtomicInteger pongs = new AtomicInteger();
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                    + "sec-websocket-accept: " + accept(peer.readHeadField("sec-websocket-key")) + "\r\n\r\n");
            for (int i = 0; i < pings; i += 100) {
                peer.write(("\u0089}" + "x".repeat(125)).repeat(100));
            }
            peer.write("\u0089\u0006newest");
            while (!readFrame(peer).equals("newest")) {
                pongs.incrementAndGet();
            }
            String reply =
                    new JsonObject().put("type", "rec").put("body", STATS).encode();
            peer.write("\u0081~" + (char) (reply.length() >> 8) + (char) (reply.length() & 0xff) + reply);
            peer.stall();
        })) {
            assertThat(Cli.run("stats", server.target(), "--over=event-bus", "--json", "--timeout=60s"))
                    .isEqualTo(Cli.done(STATS.encode() + "\n"));
        }
        assertThat(pongs).hasValueLessThan(pings / 2);
    }

    /** Reads a frame with a mask (RFC 6455, section 5.2), of at most 125 octets. */
    private static String readFrame(FakeServer.Peer peer) throws IOException {
        int length = peer.read(2).charAt(1) & 0x7f;
        String mask = peer.read(4);
        StringBuilder text = new StringBuilder(peer.read(length));
        for (int i = 0; i < length; i++) {
            text.setCharAt(i, (char) (text.charAt(i) ^ mask.charAt(i % 4)));
        }
        return text.toString();
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void watchesWhatIsPublished() {
        Watch watch = Watch.start(false, "stats", target, "--over=event-bus", "--watch", "--json");
        long publishing = vertx.setPeriodic(20, tick -> vertx.eventBus().publish(Addresses.UPDATES, STATS));
        watch.awaitOut((STATS.encode() + "\n").repeat(3));
        vertx.cancelTimer(publishing);
        assertThat(watch.stop()).isEmpty();
    }

    @Test
    void stopsWatchingWhereNothingIsPublished() {
        assertThat(stats("--watch", "--timeout=300ms")).isEqualTo(failed("timeout of 300ms before the next update"));
    }

    @Test
    void stopsWatchingWhatIsNoStats() {
        long publishing = vertx.setPeriodic(20, tick -> vertx.eventBus().publish(Addresses.UPDATES, new JsonObject()));
        assertThat(stats("--watch"))
                .isEqualTo(failed("answered wrong stats: scope is missing; allowed is cluster or node"));
        vertx.cancelTimer(publishing);
    }

    private void answer(Consumer<Message<JsonObject>> answer) {
        vertx.eventBus().<JsonObject>consumer(Addresses.STATS, answer::accept);
    }

    private Cli stats(String... options) {
        return Cli.run(Stream.concat(Stream.of("stats", target, "--over=event-bus"), Stream.of(options))
                .toArray(String[]::new));
    }

    private Cli failed(String why) {
        return Cli.failed("greeter stats: http://" + target + "/eventbus/websocket: " + why);
    }
}

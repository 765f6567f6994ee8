package dev.greeter.process.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers of the bridge that send what no WebSocket client should (RFC 6455), beside honest clients. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HostileBridgeIT extends HttpAttack {
    /** With {@code -Dgreeter.attacks=100000} for long. */
    private static final int ATTACKS = Integer.getInteger("greeter.attacks", 300);

    private static final int PEERS = 8;
    private static final int FLOODING = 32;
    private static final int FLOODS = 128;
    private static final int UNREAD = 90;

    /** In a second, by default. */
    private static final int MESSAGES = 20;

    static final int MAX_MESSAGE_OCTETS = 16_384;

    static final int TEXT = 0x81;
    private static final int TEXT_BEGINS = 0x01;
    private static final int CONTINUATION = 0x00;
    private static final int PING = 0x89;

    /** A text whose first reserved bit says that it is compressed (RFC 7692). */
    private static final int COMPRESSED_TEXT = 0xC1;

    static final String RAW = "/eventbus/websocket";
    private static final String SOCKJS = "/eventbus/000/abcdefgh/websocket";

    private static final String QUERY =
            "{\"type\":\"send\",\"address\":\"greeter.stats\",\"replyAddress\":\"mine\",\"body\":{\"scope\":\"node\"}}";
    private static final String NEWEST =
            "{\"type\":\"send\",\"address\":\"greeter.exchanges.recent\",\"replyAddress\":\"mine\","
                    + "\"body\":{\"limit\":1000}}";
    private static final String REGISTER = "{\"type\":\"register\",\"address\":\"greeter.stats.updates\"}";

    @BeforeAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void start() throws Exception {
        serve();
        readNothing();
        await().until(() -> service.scrape().sum("greeter_connections") < UNREAD / 2.0);
        service.settle();
    }

    /** An open WebSocket of a client that offers compression. */
    private static Wire open(String path) throws IOException {
        return upgrade(new Wire(service.httpPort), path);
    }

    static Wire upgrade(Wire wire, String path) throws IOException {
        String head = wire.send(
                        "GET " + path + " HTTP/1.1\r\nhost: greeter\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                                + "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                + "sec-websocket-extensions: permessage-deflate\r\n\r\n")
                .until("\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("sec-websocket-extensions");
        return wire;
    }

    /** A masked frame; the mask is zero, which changes nothing. */
    static String frame(int first, String payload) {
        ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
        if (payload.length() < 126) {
            header.put((byte) (0x80 | payload.length()));
        } else if (payload.length() < 1 << 16) {
            header.put((byte) (0x80 | 126)).putShort((short) payload.length());
        } else {
            header.put((byte) (0x80 | 127)).putLong(payload.length());
        }
        header.putInt(0);
        return new String(header.array(), 0, header.position(), ISO_8859_1) + payload;
    }

    /** All peers do the same until the server has had enough. */
    private void attack(String first, String again) throws InterruptedException {
        attackers.run(PEERS, PEERS, number -> {
            try (Wire wire = open(number % 2 == 0 ? RAW : SOCKJS)) {
                assertThat(wire.send(first).sendWithoutEnd(again, ENDLESS_OCTETS))
                        .isLessThan(ENDLESS_OCTETS);
            }
        });
    }

    @Test
    void endsAFrameThatIsTooLarge() throws Exception {
        attack("\u0081\u00FF\0\0\0\1\0\0\0\0\0\0\0\0", "x");
    }

    @Test
    void endsAMessageOfFragmentsWithoutEnd() throws Exception {
        attack(frame(TEXT_BEGINS, "x"), frame(CONTINUATION, "x".repeat(2_000)));
    }

    @Test
    void endsAMessageOfEmptyFragmentsWithoutEnd() throws Exception {
        attack(frame(TEXT_BEGINS, ""), frame(CONTINUATION, ""));
    }

    @Test
    void endsFramesWithoutAMask() throws Exception {
        attack("", "\u0081\u0002{}");
    }

    @Test
    void endsFloodsOfPings() throws Exception {
        attack("", frame(PING, "x".repeat(125)));
    }

    @Test
    void endsCompressedBombs() throws Exception {
        attack("", frame(COMPRESSED_TEXT, deflated(10_000_000)));
    }

    private static String deflated(int octets) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[octets]);
        deflater.finish();
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        byte[] part = new byte[8_192];
        while (!deflater.finished()) {
            compressed.write(part, 0, deflater.deflate(part));
        }
        deflater.end();
        return compressed.toString(ISO_8859_1);
    }

    @Test
    void endsFloodsOfQueriesWhoseAnswersNobodyReads() throws Exception {
        attack(frame(TEXT, REGISTER), frame(TEXT, QUERY));
    }

    /** As many as a client may send, whose answers are as long as can be, and all read. */
    @Test
    void answersQueriesBesideAFloodOfThem() throws Exception {
        String query = frame(TEXT, NEWEST);
        String messages = frame(TEXT, new JsonArray().add(NEWEST).encode());
        attackers.run(FLOODS, FLOODING, number -> {
            boolean sockJs = number % 4 == 0;
            try (Wire wire = open(sockJs ? SOCKJS : RAW)) {
                wire.send((sockJs ? messages : query).repeat(MESSAGES));
                assertThat(wire.awaits("mine", MESSAGES)).isTrue();
            }
        });
    }

    @Test
    void keepsFewAnswersForClientsThatReadNone() throws Exception {
        readNothing();
    }

    /** One client after the other asks, so that each has its own answers, which nobody shares: eight of 170 KB. */
    private static void readNothing() throws IOException {
        List<Wire> unread = new ArrayList<>();
        try {
            for (int client = 0; client < UNREAD; client++) {
                Wire wire = upgrade(new Wire(service.httpPort, 2_048), RAW);
                unread.add(wire);
                for (int i = 0; i < 8; i++) {
                    wire.send(frame(TEXT, NEWEST.replace("1000", Integer.toString(1_000 - i % 4))));
                }
                assertThat(wire.until("mine")).contains("mine");
            }
        } finally {
            for (Wire wire : unread) {
                wire.reset();
            }
        }
    }

    @Test
    void answersJsonThatIsABomb() throws Exception {
        List<String> bombs = JsonBombs.upTo(MAX_MESSAGE_OCTETS);
        attackers.run(bombs.size() * 4, 4, number -> {
            String bomb = bombs.get(number % bombs.size());
            try (Wire wire = open(RAW)) {
                String answer =
                        wire.send(frame(TEXT, bomb) + frame(TEXT, QUERY)).until("\"rec\"");
                assertThat(answer).as(() -> HostileRequestsIT.start(bomb)).contains("\"rec\"");
            }
            try (Wire wire = open(SOCKJS)) {
                wire.send(frame(TEXT, bomb)).halfClose().rest();
            }
        });
    }

    @Test
    void endsGarbageAndMutatedFrames() throws Exception {
        Mutation mutation = new Mutation(
                SEED,
                Stream.of(
                                frame(TEXT, QUERY),
                                frame(TEXT, REGISTER) + frame(TEXT, "{\"type\":\"ping\"}"),
                                frame(TEXT, "[\"" + QUERY.replace("\"", "\\\"") + "\"]"),
                                frame(TEXT_BEGINS, "{\"type\"") + frame(PING, "") + frame(0x80, ":\"ping\"}"),
                                frame(0x82, QUERY),
                                frame(0x8A, "pong"),
                                frame(0x88, "\u0003\u00E8"))
                        .map(octets -> octets.getBytes(ISO_8859_1))
                        .toList());
        attackers.run(ATTACKS, 4, number -> {
            byte[] octets;
            synchronized (mutation) {
                octets = mutation.next();
            }
            try (Wire wire = open(number % 2 == 0 ? RAW : SOCKJS)) {
                // ends within its timeout
                wire.send(octets).halfClose().rest();
            }
        });
    }
}

package dev.greeter.http.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.RecentQuery;
import dev.greeter.bus.StatsQuery;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any WebSocket message is one or several messages of the bridge, or ends the connection with a reason; each of them is a valid
 * query to a public address, the begin or the end of the updates, nothing, or refused by a reply that is not much longer.
 */
public final class BridgeFuzz {
    private static final int MAX_REASON_OCTETS = 123;
    private static final Set<String> QUERIES = Set.of(Addresses.STATS, Addresses.RECENT);

    private BridgeFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        String text = new String(octets, UTF_8);
        List<String> binary = read(BridgeFraming.RAW, Buffer.buffer(octets), null);
        if (!binary.isEmpty() && !binary.equals(read(BridgeFraming.RAW, null, text))) {
            throw new AssertionError("read another text: " + binary);
        }
        check(List.of(text));
        check(read(BridgeFraming.SOCKJS, null, text));
        if (!read(BridgeFraming.SOCKJS, Buffer.buffer(octets), null).isEmpty()) {
            throw new AssertionError("SockJS has no binary messages");
        }
    }

    private static List<String> read(BridgeFraming framing, @Nullable Buffer octets, @Nullable String text) {
        try {
            return octets == null ? framing.read(text == null ? "" : text) : framing.read(octets);
        } catch (BridgeFraming.UnreadableException e) {
            if (e.status().reasonText().isEmpty()
                    || e.status().reasonText().getBytes(UTF_8).length > MAX_REASON_OCTETS) {
                throw new AssertionError("no reason: " + e.status());
            }
            return List.of();
        }
    }

    private static void check(List<String> texts) {
        for (String text : texts) {
            BridgeMessage message = BridgeMessage.read(text);
            if (message instanceof BridgeMessage.Query query) {
                check(query);
            } else if (message instanceof BridgeMessage.Refused refused) {
                check(refused.reply(), text);
            }
        }
    }

    private static void check(BridgeMessage.Query query) {
        Object again = query.address().equals(Addresses.STATS)
                ? StatsQuery.fromJson(query.query()).toJson()
                : RecentQuery.fromJson(query.query()).toJson();
        if (!QUERIES.contains(query.address())
                || !again.equals(query.query())
                || query.replyAddress().length() > BridgeMessage.MAX_REPLY_ADDRESS_LENGTH) {
            throw new AssertionError(query);
        }
    }

    private static void check(JsonObject reply, String text) {
        String written = reply.encode();
        // a character may be escaped by six
        if (!"err".equals(reply.getString("type")) || written.length() > 6 * Math.min(text.length(), 200) + 400) {
            throw new AssertionError("a reply of " + written.length() + " characters: " + written);
        }
        if (!new JsonObject(written).equals(reply)) {
            throw new AssertionError("written it differs: " + written);
        }
    }
}

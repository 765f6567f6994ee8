package dev.greeter.bus;

import dev.greeter.bus.JsonFields.BadMessageException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request and its one answer, after its end.
 *
 * @param at when the last octet of the request was read
 * @param peer the client's address and port
 * @param token the session's token for it, if it had one
 * @param reason why it was not answered: an error code of the protocol or an HTTP status, null if it was answered
 * @param octets the length of the request
 * @param durationMicros microseconds from the last octet read to the answer's hand-over
 */
public record Exchange(
        Instant at,
        Protocol protocol,
        Form form,
        Outcome outcome,
        String peer,
        @Nullable String token,
        @Nullable String reason,
        int octets,
        long durationMicros) {

    /** The JSON on the wire. It has no {@code token} or {@code reason} where there is none. */
    public JsonObject toJson() {
        return toJson(peer);
    }

    /**
     * The same for those who may not know the client.
     *
     * @param shownPeer stands for {@code peer}; null to leave it out
     */
    public JsonObject toJson(@Nullable String shownPeer) {
        JsonObject json = new JsonObject()
                .put("at", JsonFields.text(at))
                .put("protocol", protocol.label())
                .put("form", form.label())
                .put("outcome", outcome.label());
        if (shownPeer != null) {
            json.put("peer", shownPeer);
        }
        if (token != null) {
            json.put("token", token);
        }
        if (reason != null) {
            json.put("reason", reason);
        }
        return json.put("octets", octets).put("durationMicros", durationMicros);
    }

    /**
     * The inverse of {@link #toJson}; other fields are ignored.
     *
     * @throws BadMessageException if a field is missing or not of its type
     */
    public static Exchange fromJson(JsonObject json) {
        JsonFields fields = new JsonFields("exchange", json);
        return new Exchange(
                fields.instant("at"),
                fields.oneOf("protocol", Protocol.values(), Protocol::label),
                fields.oneOf("form", Form.values(), Form::label),
                fields.oneOf("outcome", Outcome.values(), Outcome::label),
                fields.string("peer"),
                json.getString("token"),
                json.getString("reason"),
                octets(fields),
                fields.count("durationMicros"));
    }

    private static int octets(JsonFields fields) {
        long octets = fields.count("octets");
        if (octets > Integer.MAX_VALUE) {
            throw fields.bad("octets", "a whole number from 0 to " + Integer.MAX_VALUE);
        }
        return (int) octets;
    }
}

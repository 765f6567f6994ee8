package dev.greeter.bus;

import dev.greeter.bus.JsonFields.BadMessageException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The query for {@link Addresses#RECENT}: {@code {"limit": 50}}, which is also the default. */
public record RecentQuery(int limit) {
    public static final int DEFAULT_LIMIT = 50;

    /** The number of exchanges that a ledger keeps. */
    public static final int MAX_LIMIT = 1_000;

    private static final String SUBJECT = "exchanges query";
    private static final String ALLOWED = "a whole number from 1 to " + MAX_LIMIT;

    /** Throws {@link BadMessageException} if the limit is not from 1 to {@value #MAX_LIMIT}. */
    public RecentQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new BadMessageException(SUBJECT + ": limit is " + limit + "; allowed is " + ALLOWED);
        }
    }

    public JsonObject toJson() {
        return new JsonObject().put("limit", limit);
    }

    /**
     * The inverse of {@link #toJson}.
     *
     * @param body null counts as an empty object
     * @throws BadMessageException if the body is no such query
     */
    public static RecentQuery fromJson(@Nullable Object body) {
        JsonObject json = JsonFields.query(SUBJECT, body, "limit");
        if (!json.containsKey("limit")) {
            return new RecentQuery(DEFAULT_LIMIT);
        }
        Object limit = json.getValue("limit");
        long whole = limit instanceof Integer || limit instanceof Long ? ((Number) limit).longValue() : 0;
        if (whole < 1 || whole > MAX_LIMIT) {
            throw new JsonFields(SUBJECT, json).bad("limit", ALLOWED);
        }
        return new RecentQuery((int) whole);
    }
}

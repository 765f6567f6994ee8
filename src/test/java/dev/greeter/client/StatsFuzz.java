package dev.greeter.client;

import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.Stats;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** Any answer to a query for stats is stats that are the same once they are written, or one short line. */
public final class StatsFuzz {
    private static final Url URL = Url.parse("http://localhost/stats");
    private static final int MAX_LINE_CHARACTERS = 500;

    private StatsFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        HttpFetch.Answer answer =
                new HttpFetch.Answer("HTTP/1.1", 200, "OK", EmptyHttpHeaders.INSTANCE, Buffer.buffer(octets), null);
        try {
            Stats stats = Stats.fromJson(answer.json(URL, "stats"));
            checkSame(stats, new JsonObject(stats.toJson().encode()));
        } catch (ClientException | BadMessageException e) {
            String line = String.valueOf(e.getMessage());
            if (line.length() > MAX_LINE_CHARACTERS || line.codePoints().anyMatch(Character::isISOControl)) {
                throw new AssertionError("not a short line: " + line);
            }
        }
    }

    /** Instants are written in milliseconds, and numbers beyond what JSON has are texts. */
    private static void checkSame(Stats stats, JsonObject written) {
        boolean writable = stats.rates()
                .map(rate -> Double.isFinite(rate.lastSecond() + rate.lastMinute()))
                .equals(new dev.greeter.bus.PerProtocol<>(true, true));
        if (writable && !Stats.fromJson(written).toJson().equals(written)) {
            throw new AssertionError("written it differs: " + written);
        }
    }
}

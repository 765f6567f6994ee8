package dev.greeter.http;

import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time in a response's {@code date} (RFC 9110, section 5.6.7), formatted once a second at most. Not thread-safe. */
final class HttpDate {
    private static final int MILLIS = 1_000;
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private long second = Long.MIN_VALUE;
    private CharSequence text = "";

    /** Whether it is another second than the last time. */
    boolean advance() {
        long now = System.currentTimeMillis() / MILLIS;
        if (now == second) {
            return false;
        }
        second = now;
        text = HttpHeaders.createOptimized(IMF_FIXDATE.format(Instant.ofEpochSecond(now)));
        return true;
    }

    /** The second of the last {@link #advance}. */
    CharSequence text() {
        return text;
    }
}

package dev.greeter.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLinesTest {
    private static final Instant AT = Instant.parse("2026-11-23T06:16:00.007Z");
    private static final String AWKWARD = "quote \" backslash \\ line\nbreak\ttab \u0001 ü 👋";

    private final JsonLine json = new JsonLine();
    private final TextLine text = new TextLine(ZoneOffset.ofHours(2));

    @Test
    void writesAnEventAsOneFlatObject() {
        String line = json.apply(event(
                Level.INFO,
                "hello {}",
                null,
                new KeyValuePair("node", "greeter-0"),
                new KeyValuePair("micros", 12L),
                new KeyValuePair("count", 3),
                new KeyValuePair("rate", 0.5),
                new KeyValuePair("draining", true),
                new KeyValuePair("peer", null),
                new KeyValuePair("ratio", Double.NaN),
                new KeyValuePair("outcome", Level.WARN)));

        assertThat(line).isEqualTo("""
                {"@timestamp":"2026-11-23T06:16:00.007Z","level":"INFO","logger":"dev.greeter.greeting.GreetingServerVerticle",\
                "thread":"event-loop-0","message":"hello World","node":"greeter-0","micros":12,"count":3,"rate":0.5,\
                "draining":true,"peer":null,"ratio":"NaN","outcome":"WARN"}
                """);
    }

    @Test
    void escapesWhatJsonDoesNotTake() {
        String line = json.apply(event(Level.WARN, AWKWARD, null, new KeyValuePair(AWKWARD, AWKWARD)));

        assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
        assertThat(new JsonObject(line))
                .isEqualTo(new JsonObject()
                        .put("@timestamp", "2026-11-23T06:16:00.007Z")
                        .put("level", "WARN")
                        .put("logger", "dev.greeter.greeting.GreetingServerVerticle")
                        .put("thread", "event-loop-0")
                        .put("message", AWKWARD)
                        .put(AWKWARD, AWKWARD));
    }

    @Test
    void writesAStackTraceAsOneText() {
        String line = json.apply(event(Level.ERROR, "broken", failure()));

        assertThat(line).containsOnlyOnce("\n");
        assertThat(new JsonObject(line).getString("stack_trace").lines())
                .contains(
                        "java.lang.IllegalStateException: outer",
                        "Caused by: java.lang.IllegalArgumentException: inner");
    }

    @Test
    void writesAnEventAsALineForPeople() {
        assertThat(text.apply(event(
                        Level.INFO,
                        "hello {}",
                        null,
                        new KeyValuePair("port", 1234),
                        new KeyValuePair("peer", null),
                        new KeyValuePair("empty", ""),
                        new KeyValuePair("text", "a \"b\"\n\u009b"))))
                .isEqualTo("08:16:00.007 INFO  GreetingServerVerticle hello World"
                        + " port=1234 peer=null empty=\"\" text=\"a 'b'??\"\n");
    }

    @Test
    void writesAStackTraceBelowTheLine() {
        assertThat(text.apply(event(Level.ERROR, "broken", failure())))
                .startsWith("""
                        08:16:00.007 ERROR GreetingServerVerticle broken
                            java.lang.IllegalStateException: outer
                        """)
                .endsWith("\n");
    }

    @Test
    void writesAFailureOfTheClusterManagerInOneLine() {
        LoggingEvent event = event("com.hazelcast.map.impl.operation.SetOperation", Level.ERROR, "lost", failure());

        assertThat(new JsonObject(json.apply(event)).getMap())
                .containsEntry("cause", "java.lang.IllegalStateException: outer")
                .doesNotContainKey("stack_trace");
        assertThat(text.apply(event))
                .isEqualTo("08:16:00.007 ERROR SetOperation lost cause=\"java.lang.IllegalStateException: outer\"\n");
    }

    /** As a client would send them to end a line, to colour it, to turn it round, or to begin one of its own. */
    private static final List<String> FORGERIES = List.of(
            "a\n08:16:00.007 INFO  Greeter ready",
            "a\r\n{\"level\":\"INFO\",\"message\":\"ready\"}",
            "\u001B[31mred\u001B[0m\u009B2J\u0007\b\b\b",
            "a\u2028b\u2029c\u0085d\u000Be\ff\0g",
            "\u202Ereversed\u202C \u2066isolated\u2069 \u200F\u061C\uFEFF",
            "a\" message=\"ready\" level=\"INFO",
            "a\\\",\"level\":\"FATAL",
            "\uD800 half a pair",
            "a pair that is invisible \uDB40\uDC41, and one that is no character \uDB3F\uDFFF",
            "<script>alert(1)</script>");

    @Test
    void keepsForgedTextWithinItsPlace() {
        for (String forged : FORGERIES) {
            LoggingEvent event = event(
                    Level.INFO,
                    forged,
                    new IllegalStateException(forged),
                    new KeyValuePair("token", forged),
                    new KeyValuePair("x", 1));

            String object = json.apply(event);
            assertThat(object).endsWith("}\n").containsOnlyOnce("\n");
            assertThat(object.strip().codePoints()).allMatch(LogLinesTest::isHarmless);
            assertThat(new JsonObject(object).getString("token")).isEqualTo(forged);
            assertThat(new JsonObject(object).getString("level")).isEqualTo("INFO");

            List<String> lines = text.apply(event).lines().toList();
            assertThat(lines.get(0)).startsWith("08:16:00.007 INFO  GreetingServerVerticle ");
            assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("    "));
            assertThat(String.join("", lines).replace("\t", "").codePoints()).allMatch(LogLinesTest::isHarmless);
        }
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static Exception failure() {
        return new IllegalStateException("outer", new IllegalArgumentException("inner"));
    }

    private static LoggingEvent event(Level level, String message, @Nullable Throwable failure, KeyValuePair... pairs) {
        return event("dev.greeter.greeting.GreetingServerVerticle", level, message, failure, pairs);
    }

    private static LoggingEvent event(
            String logger, Level level, String message, @Nullable Throwable failure, KeyValuePair... pairs) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event =
                new LoggingEvent("caller", context.getLogger(logger), level, message, failure, new Object[] {"World"});
        event.setInstant(AT);
        event.setThreadName("event-loop-0");
        event.setKeyValuePairs(List.of(pairs));
        return event;
    }
}

package dev.greeter.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.greeter.text.Printable;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Formats an event as one flat JSON object (RFC 8259): time in UTC, level, logger, thread, message, then the event's own
 * key-values, numbers and booleans as such, and a stack trace as one text. Logback's own JsonEncoder nests key-values in a
 * list and writes each as text; encoders with data binding take longer to start than the service does.
 */
final class JsonLine implements Function<ILoggingEvent, String> {
    @Override
    public String apply(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        LocalDateTime time = LocalDateTime.ofInstant(event.getInstant(), ZoneOffset.UTC);
        line.append("{\"@timestamp\":\"").append(time.toLocalDate()).append('T');
        LogTime.append(line, time.toLocalTime());
        line.append("Z\",\"level\":\"").append(event.getLevel()).append('"');
        member(line, "logger", event.getLoggerName());
        member(line, "thread", event.getThreadName());
        member(line, "message", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                member(line, pair.key, pair.value);
            }
        }
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null && StackTraces.isLeftOut(event)) {
            member(line, "cause", StackTraces.cause(failure));
        } else if (failure != null) {
            member(line, "stack_trace", ThrowableProxyUtil.asString(failure));
        }
        return line.append("}\n").toString();
    }

    private static void member(StringBuilder line, String name, @Nullable Object value) {
        line.append(',');
        string(line, name);
        line.append(':');
        if (value == null || value instanceof Boolean || isFinite(value)) {
            line.append(value);
        } else {
            string(line, value.toString());
        }
    }

    /** JSON has neither infinity nor NaN. */
    private static boolean isFinite(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || (value instanceof Double number && Double.isFinite(number));
    }

    private static void string(StringBuilder line, String text) {
        line.append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> line.append('\\').append((char) c);
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Printable.is(c)) {
                        line.appendCodePoint(c);
                    } else {
                        for (char unit : Character.toChars(c)) {
                            line.append(String.format("\\u%04x", (int) unit));
                        }
                    }
                }
            }
        });
        line.append('"');
    }
}

package dev.greeter.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.greeter.text.Printable;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.function.Function;
import org.slf4j.event.KeyValuePair;

/**
 * Formats an event as a line for people: time, level, the class that logs, message, key=value. A stack trace follows on
 * further lines, which are indented.
 */
final class TextLine implements Function<ILoggingEvent, String> {
    private static final int LEVEL_WIDTH = 5;
    private static final String INDENT = "    ";

    private final ZoneId zone;

    /** @param zone of the times */
    TextLine(ZoneId zone) {
        this.zone = zone;
    }

    @Override
    public String apply(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(128);
        LogTime.append(line, LocalTime.ofInstant(event.getInstant(), zone));
        String level = event.getLevel().toString();
        line.append(' ').append(level).append(" ".repeat(LEVEL_WIDTH - level.length()));
        String logger = event.getLoggerName();
        line.append(' ').append(logger, logger.lastIndexOf('.') + 1, logger.length());
        line.append(' ');
        lines(line, event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(' ').append(pair.key).append('=');
                value(line, String.valueOf(pair.value));
            }
        }
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null && StackTraces.isLeftOut(event)) {
            line.append(" cause=");
            value(line, StackTraces.cause(failure));
        }
        line.append('\n');
        if (failure != null && !StackTraces.isLeftOut(event)) {
            line.append(INDENT);
            lines(line, ThrowableProxyUtil.asString(failure).stripTrailing());
            line.append('\n');
        }
        return line.toString();
    }

    /** Appends a text of several lines, in which no further line can be taken for an event's. */
    private static void lines(StringBuilder line, String text) {
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                line.append('\n').append(INDENT);
            } else {
                line.appendCodePoint(c == '\t' || Printable.is(c) ? c : '?');
            }
        });
    }

    /** Appends a value, in quotes if it has blanks. A question mark replaces each character that is not printable. */
    private static void value(StringBuilder line, String text) {
        boolean plain =
                !text.isEmpty() && text.codePoints().allMatch(c -> c > ' ' && c != '"' && c != '=' && Printable.is(c));
        if (plain) {
            line.append(text);
            return;
        }
        line.append('"');
        text.codePoints().forEach(c -> line.appendCodePoint(!Printable.is(c) ? '?' : c == '"' ? '\'' : c));
        line.append('"');
    }
}

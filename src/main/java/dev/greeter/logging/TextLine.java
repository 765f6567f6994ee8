package dev.greeter.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.function.Function;
import org.slf4j.event.KeyValuePair;

/**
 * Formats an event as a line for people: time, level, the class that logs, message, key=value. A stack trace follows on
 * further lines.
 */
final class TextLine implements Function<ILoggingEvent, String> {
    private static final int LEVEL_WIDTH = 5;

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
        line.append(' ').append(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(' ').append(pair.key).append('=');
                value(line, String.valueOf(pair.value));
            }
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }

    /**
     * Appends a value, in quotes if it has blanks. A question mark replaces each character that would end the line or
     * control the terminal.
     */
    private static void value(StringBuilder line, String text) {
        boolean plain = !text.isEmpty()
                && text.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && !Character.isISOControl(c));
        if (plain) {
            line.append(text);
            return;
        }
        line.append('"');
        text.chars().forEach(c -> line.append(Character.isISOControl(c) ? '?' : c == '"' ? '\'' : (char) c));
        line.append('"');
    }
}

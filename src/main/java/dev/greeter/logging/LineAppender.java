package dev.greeter.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Writes each event at once, as one line of a stream, on the thread that logs. */
class LineAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final Function<ILoggingEvent, String> format;
    private final OutputStream out;

    LineAppender(Context context, Function<ILoggingEvent, String> format, OutputStream out) {
        this.format = format;
        this.out = out;
        setContext(context);
    }

    @Override
    protected void append(ILoggingEvent event) {
        write(event);
    }

    /** Whether the line could be written. */
    final synchronized boolean write(ILoggingEvent event) {
        try {
            out.write(format.apply(event).getBytes(StandardCharsets.UTF_8));
            out.flush();
            return true;
        } catch (IOException | RuntimeException e) {
            // a value that cannot be shown, or a stream that takes nothing: there is no other place to tell it
            return false;
        }
    }
}

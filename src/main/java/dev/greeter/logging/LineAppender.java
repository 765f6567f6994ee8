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
    private boolean torn;

    LineAppender(Context context, Function<ILoggingEvent, String> format, OutputStream out) {
        this.format = format;
        this.out = out;
        setContext(context);
    }

    @Override
    protected void append(ILoggingEvent event) {
        write(event);
    }

    /** Returns whether the line was written. */
    final synchronized boolean write(ILoggingEvent event) {
        try {
            String line = format.apply(event);
            // a full disk may have taken the start of a line, to which the next one must not be joined
            write((torn ? "\n" + line : line).getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException | RuntimeException | StackOverflowError | LinkageError e) {
            // a value that cannot be formatted, or a stream that takes nothing: there is no other place to report it
            return false;
        }
    }

    private void write(byte[] line) throws IOException {
        torn = true;
        out.write(line);
        out.flush();
        torn = false;
    }
}

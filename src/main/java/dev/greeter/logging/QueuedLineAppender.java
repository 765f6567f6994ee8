package dev.greeter.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes lines on one thread, so that threads that log never wait. Every line is either written or dropped. Lines are
 * dropped if the queue is full or the stream takes none; one more line reports their number when there is room again. The
 * last eighth of the queue is for warnings and errors only.
 */
final class QueuedLineAppender extends LineAppender {
    private static final int RESERVED_PART = 8;
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Logger logger;
    private final int capacity;
    private final BlockingQueue<ILoggingEvent> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer = new Thread(this::writeUntilInterrupted, "greeter-log");
    private int writtenSinceReport;
    private volatile boolean writerEnded;

    QueuedLineAppender(LoggerContext context, Function<ILoggingEvent, String> format, OutputStream out, int capacity) {
        super(context, format, out);
        this.logger = context.getLogger(Logging.class);
        this.capacity = capacity;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    @Override
    public void start() {
        super.start();
        // a stuck stream must not keep the process alive
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (writerEnded) {
            write(event);
            return;
        }
        event.prepareForDeferredProcessing();
        boolean room = queue.remainingCapacity() > capacity / RESERVED_PART;
        boolean urgent = event.getLevel().isGreaterOrEqual(Level.WARN);
        if (!(room || urgent) || !queue.offer(event)) {
            dropped.incrementAndGet();
        }
        if (writerEnded) {
            // the writer may have looked for the last time before this line was queued or counted
            writeQueued();
        }
    }

    @Override
    public void stop() {
        flush();
        super.stop();
    }

    /**
     * Writes the queued lines and ends the writer, or leaves it behind if the stream is stuck. Later lines are written at
     * once. Idempotent.
     */
    void flush() {
        writer.interrupt();
        try {
            writer.join(FLUSH_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeUntilInterrupted() {
        try {
            while (true) {
                ILoggingEvent next = next();
                if (next != null) {
                    writeCounted(next);
                }
                // under lasting overload there is never room, and the number is reported all the same
                if (queue.size() <= capacity / 2 || writtenSinceReport >= capacity) {
                    reportDropped();
                }
            }
        } catch (InterruptedException e) {
            writerEnded = true;
            writeQueued();
        }
    }

    /** Null while there is nothing to write except the number of dropped lines, which is tried now and then. */
    private @Nullable ILoggingEvent next() throws InterruptedException {
        return dropped.get() > 0 ? queue.poll(RETRY.toMillis(), TimeUnit.MILLISECONDS) : queue.take();
    }

    private synchronized void writeQueued() {
        for (ILoggingEvent event = queue.poll(); event != null; event = queue.poll()) {
            writeCounted(event);
        }
        reportDropped();
    }

    private void writeCounted(ILoggingEvent event) {
        if (write(event)) {
            writtenSinceReport++;
        } else {
            dropped.incrementAndGet();
        }
    }

    private void reportDropped() {
        long lines = dropped.getAndSet(0);
        if (lines == 0) {
            return;
        }
        writtenSinceReport = 0;
        LoggingEvent event = new LoggingEvent(
                Logging.class.getName(), logger, Level.WARN, "log lines dropped, for want of room", null, null);
        event.addKeyValuePair(new KeyValuePair("dropped", lines));
        if (!write(event)) {
            dropped.addAndGet(lines);
        }
    }
}

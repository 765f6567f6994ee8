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
 * Lets one thread write, so that those that log never wait. Every line is either written or dropped; those dropped, for
 * want of room in the queue or behind the stream, are counted, and a line of its own reports their number when there is
 * room again. The last eighth of the queue is kept for warnings and errors.
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
    private int writtenSinceTold;
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
        // a stuck stream must not keep the process
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
            // the writer may have looked for the last time before this line came, or was counted
            writeQueued();
        }
    }

    @Override
    public void stop() {
        flush();
        super.stop();
    }

    /**
     * Writes what is queued and ends the writer, or leaves it behind where the stream is stuck. What comes later is
     * written at once. Idempotent.
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
                // under lasting overload there is never room, and it is told all the same
                if (queue.size() <= capacity / 2 || writtenSinceTold >= capacity) {
                    tellDropped();
                }
            }
        } catch (InterruptedException e) {
            writerEnded = true;
            writeQueued();
        }
    }

    /** Null while there is nothing to write but how many lines were dropped, which is tried now and then. */
    private @Nullable ILoggingEvent next() throws InterruptedException {
        return dropped.get() > 0 ? queue.poll(RETRY.toMillis(), TimeUnit.MILLISECONDS) : queue.take();
    }

    private synchronized void writeQueued() {
        for (ILoggingEvent event = queue.poll(); event != null; event = queue.poll()) {
            writeCounted(event);
        }
        tellDropped();
    }

    private void writeCounted(ILoggingEvent event) {
        if (write(event)) {
            writtenSinceTold++;
        } else {
            dropped.incrementAndGet();
        }
    }

    private void tellDropped() {
        long lines = dropped.getAndSet(0);
        if (lines == 0) {
            return;
        }
        writtenSinceTold = 0;
        LoggingEvent event = new LoggingEvent(
                Logging.class.getName(), logger, Level.WARN, "log lines dropped, for want of room", null, null);
        event.addKeyValuePair(new KeyValuePair("dropped", lines));
        if (!write(event)) {
            dropped.addAndGet(lines);
        }
    }
}

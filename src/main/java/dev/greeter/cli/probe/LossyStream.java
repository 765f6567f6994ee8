package dev.greeter.cli.probe;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Output that may be left out, to a stream whose reader may stand still. Its own thread writes; output is dropped while a
 * bounded queue is full, so that printing never waits.
 */
final class LossyStream extends OutputStream {
    private static final int MAX_WRITES = 256;
    private static final Duration LAST_WRITES = Duration.ofSeconds(1);
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(MAX_WRITES);
    private final Thread writer;

    LossyStream(PrintStream out) {
        writer = new Thread(() -> copyTo(out), "output");
        writer.setDaemon(true);
        writer.start();
    }

    private void copyTo(PrintStream out) {
        try {
            for (byte[] next = queue.take(); next != END; next = queue.take()) {
                out.write(next, 0, next.length);
                out.flush();
            }
        } catch (InterruptedException abandoned) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int from, int length) {
        var unused = queue.offer(Arrays.copyOfRange(octets, from, from + length));
    }

    /** Waits a short time for the rest to be written. */
    @Override
    public void close() {
        try {
            if (queue.offer(END, LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS)) {
                writer.join(LAST_WRITES.toMillis());
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
    }
}

package dev.greeter.logging;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Takes nothing until it is opened. */
final class GatedStream extends OutputStream {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Takes the start of one line, and then nothing. */
    volatile boolean full;

    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private boolean torn;

    @Override
    public void write(int octet) {
        throw new UnsupportedOperationException("lines come whole");
    }

    @Override
    public void write(byte[] line) throws IOException {
        writing.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                opened.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (full) {
            octets.write(line, 0, torn ? 0 : "{\"@timestamp\"".length());
            torn = true;
            refused.add(new String(line, StandardCharsets.UTF_8));
            throw new IOException("No space left on device");
        }
        octets.write(line);
    }

    void open() {
        opened.countDown();
    }

    void awaitWriter() throws InterruptedException {
        writing.await();
    }

    /** How many lines with this it has not taken while it was full. */
    long refused(String part) {
        return refused.stream().filter(line -> line.contains(part)).count();
    }

    List<String> lines() {
        return octets.toString(StandardCharsets.UTF_8).lines().toList();
    }

    List<String> messages() {
        return lines().stream()
                .map(JsonObject::new)
                .map(line ->
                        line.getString("message") + (line.containsKey("dropped") ? ": " + line.getLong("dropped") : ""))
                .toList();
    }
}

package dev.greeter.process.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Clients that keep to the rules while others do not: 50 greetings a second in a session, a page each 100 ms on a kept connection,
 * and with it a greeting on a new connection. An answer that does not come, or is not exact, is a failure.
 */
final class HonestClients implements AutoCloseable {
    private static final Duration GREETING_INTERVAL = Duration.ofMillis(20);
    private static final Duration PAGE_INTERVAL = Duration.ofMillis(100);

    /** Far beyond what a busy machine takes: an answer after that is none. */
    private static final int TIMEOUT_MILLIS = 30_000;

    private static final int HIGHEST_MICROS = 60_000_000;

    /** What happened, and when and where. */
    final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private final Histogram greetings = new ConcurrentHistogram(1, HIGHEST_MICROS, 3);
    private final Histogram pages = new ConcurrentHistogram(1, HIGHEST_MICROS, 3);
    private final LongAdder greeted = new LongAdder();
    private final LongAdder got = new LongAdder();
    private final int greetingPort;
    private final @Nullable SSLContext tls;
    private final Thread greeting;
    private final Thread paging;
    private volatile boolean connecting = true;
    private volatile boolean over;

    private interface Exchange {
        void once(int number) throws IOException;
    }

    /** @param tls null for clear text */
    HonestClients(int greetingPort, int httpPort, @Nullable SSLContext tls) throws IOException {
        this.greetingPort = greetingPort;
        this.tls = tls;
        Connection session = new Connection(greetingPort, tls);
        session.say("GREETING/2\n");
        session.expect("GREETING/2\n");
        Connection page = new Connection(httpPort, tls);
        greeting = repeat(GREETING_INTERVAL, greetings, greeted, session, number -> greet(session, number));
        paging = repeat(PAGE_INTERVAL, pages, got, page, number -> get(page));
    }

    private static void greet(Connection session, int number) throws IOException {
        session.say("Hello " + number + "\n");
        session.expect("World " + number + "\n");
    }

    private void get(Connection page) throws IOException {
        page.say("GET / HTTP/1.1\r\nhost: greeter\r\n\r\n");
        page.expectUntil("HTTP/1.1 200 OK\r\n", "</html>\n");
        if (connecting) {
            try (Connection once = new Connection(greetingPort, tls)) {
                once.say("Hello");
                once.expect("World");
                greeted.increment();
            }
        }
    }

    private Thread repeat(
            Duration interval, Histogram micros, LongAdder done, Connection connection, Exchange exchange) {
        Thread thread = new Thread(() -> {
            try (connection) {
                for (int number = 0; !over; number++) {
                    long begin = System.nanoTime();
                    exchange.once(number);
                    done.increment();
                    long took = System.nanoTime() - begin;
                    micros.recordValue(Math.min(HIGHEST_MICROS, took / 1_000));
                    LockSupport.parkNanos(interval.toNanos() - took);
                }
            } catch (IOException failed) {
                failures.add(failed.toString());
            }
        });
        thread.start();
        return thread;
    }

    /** Opens no more new connections, of which there may be too many; those that are open go on. */
    void stopConnecting() {
        connecting = false;
        long begun = got() + 1;
        await().atMost(Duration.ofMillis(TIMEOUT_MILLIS)).until(() -> got() > begun || !failures.isEmpty());
    }

    /** Opens new connections again. */
    void connect() {
        connecting = true;
    }

    /** Answers to greetings, all exact. */
    long greeted() {
        return greeted.sum();
    }

    /** Pages, all whole. */
    long got() {
        return got.sum();
    }

    /** The 99th percentile of greetings or of pages, whichever is longer, in milliseconds. */
    double p99Millis() {
        return Math.max(greetings.getValueAtPercentile(99), pages.getValueAtPercentile(99)) / 1e3;
    }

    /** Lets each finish its exchange, and ends it. */
    void stop() throws InterruptedException {
        over = true;
        greeting.join();
        paging.join();
    }

    @Override
    public void close() {
        over = true;
    }

    @Override
    public String toString() {
        return "honest clients: %d greetings, p99 %.1f ms, longest %.1f ms; %d pages, p99 %.1f ms, longest %.1f ms"
                .formatted(
                        greeted(),
                        greetings.getValueAtPercentile(99) / 1e3,
                        greetings.getMaxValue() / 1e3,
                        got(),
                        pages.getValueAtPercentile(99) / 1e3,
                        pages.getMaxValue() / 1e3);
    }

    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Connection(int port, @Nullable SSLContext tls) throws IOException {
            Socket tcp = new Socket();
            tcp.setTcpNoDelay(true);
            tcp.setSoTimeout(TIMEOUT_MILLIS);
            tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket = tls == null ? tcp : tls.getSocketFactory().createSocket(tcp, "localhost", port, true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        void say(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        void expect(String text) throws IOException {
            String read = new String(in.readNBytes(text.length()), ISO_8859_1);
            if (!read.equals(text)) {
                String rest = new String(in.readAllBytes(), ISO_8859_1);
                throw new IOException("got '" + read + rest + "' instead of '" + text + "'");
            }
        }

        void expectUntil(String start, String end) throws IOException {
            StringBuilder read = new StringBuilder();
            while (read.indexOf(end, Math.max(0, read.length() - end.length())) < 0) {
                int octet = in.read();
                if (octet < 0) {
                    throw new IOException("ended after '" + read + "'");
                }
                read.append((char) octet);
            }
            if (!read.toString().startsWith(start)) {
                throw new IOException("got '" + read + "'");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

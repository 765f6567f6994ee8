package dev.greeter.bench.start;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Clients at full speed: a third each of one-shot greetings, of sessions and of pages on persistent connections. */
final class Clients {
    private static final int GREETING_PORT = 1234;
    private static final int HTTP_PORT = 8080;
    private static final int CLIENTS = 64;
    private static final String LENGTH = "content-length: ";

    private Clients() {}

    private interface Client {
        /** Makes exchanges until the deadline, of {@link System#nanoTime()}, and returns their number. */
        long run(long deadline) throws IOException;
    }

    /**
     * Returns the number of exchanges.
     *
     * @throws IOException if an answer was wrong or a connection failed
     */
    static long load(Duration duration) throws InterruptedException, IOException {
        List<Client> kinds = List.of(Clients::oneShots, Clients::session, Clients::pages);
        AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        long[] exchanges = new long[CLIENTS];
        Thread[] clients = new Thread[CLIENTS];
        long deadline = System.nanoTime() + duration.toNanos();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients[i] = new Thread(() -> {
                try {
                    exchanges[client] = kinds.get(client % kinds.size()).run(deadline);
                } catch (IOException failed) {
                    failure.set(failed);
                }
            });
            clients[i].start();
        }
        for (Thread client : clients) {
            client.join();
        }
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return Arrays.stream(exchanges).sum();
    }

    private static long oneShots(long deadline) throws IOException {
        long exchanges = 0;
        for (; System.nanoTime() < deadline; exchanges++) {
            oneShot();
        }
        return exchanges;
    }

    /** Makes one exchange on a new connection. */
    static void oneShot() throws IOException {
        try (Socket socket = connect(GREETING_PORT)) {
            socket.getOutputStream().write("Hello".getBytes(US_ASCII));
            expect("World", new String(socket.getInputStream().readAllBytes(), US_ASCII));
        }
    }

    private static long session(long deadline) throws IOException {
        long exchanges = 0;
        try (Socket socket = connect(GREETING_PORT)) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            socket.getOutputStream().write("GREETING/2\n".getBytes(US_ASCII));
            expect("GREETING/2", in.readLine());
            for (; System.nanoTime() < deadline; exchanges++) {
                socket.getOutputStream().write("Hello\n".getBytes(US_ASCII));
                expect("World", in.readLine());
            }
        }
        return exchanges;
    }

    private static long pages(long deadline) throws IOException {
        long exchanges = 0;
        try (Socket socket = connect(HTTP_PORT)) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            for (; System.nanoTime() < deadline; exchanges++) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(US_ASCII));
                expect("HTTP/1.1 200 OK", in.readLine());
                int length = 0;
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    if (line.startsWith(LENGTH)) {
                        length = Integer.parseInt(line.substring(LENGTH.length()));
                    }
                }
                if (in.skip(length) != length) {
                    throw new IOException("the page is shorter than its content-length");
                }
            }
        }
        return exchanges;
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void expect(String expected, @Nullable String answer) throws IOException {
        if (!expected.equals(answer)) {
            throw new IOException("expected " + expected + ", but got " + answer);
        }
    }
}

package dev.greeter.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server on its own port that runs a test's script on each connection, and closes the connection afterwards. */
public final class FakeServer implements AutoCloseable {
    /** What happens to the nth connection, from 0 on. */
    public interface Script {
        void run(Peer peer, int nth) throws IOException, InterruptedException;
    }

    private static final int PATIENCE_SECONDS = 10;

    private final ServerSocket listener;
    private final Script script;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    private FakeServer(Script script, int port, String address) {
        this.script = script;
        try {
            listener = new ServerSocket(port, 1_000, InetAddress.getAllByName(address)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    public static FakeServer that(Script script) {
        return new FakeServer(script, 0, "127.0.0.1");
    }

    public static FakeServer at(int port, String address, Script script) {
        return new FakeServer(script, port, address);
    }

    /** Reads a one-shot greeting, then writes this. */
    public static FakeServer answering(String answer) {
        return that((peer, nth) -> {
            peer.read("Hello".length());
            peer.write(answer);
        });
    }

    /** Reads a request's head, then writes this. */
    public static FakeServer answeringHttp(String answer) {
        return that((peer, nth) -> {
            peer.readHead();
            peer.write(answer);
        });
    }

    public static FakeServer answeringJson(int status, String body) {
        return answeringHttp(
                "HTTP/1.1 %d Status\r\ncontent-length: %d\r\n\r\n%s".formatted(status, body.length(), body));
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String target() {
        return "localhost:" + port();
    }

    public int accepted() {
        return accepted.get();
    }

    /** What a client sent, as far as the script read it, once its connection ended. */
    public String request() throws InterruptedException {
        return Objects.requireNonNull(requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no connection ended");
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                int nth = accepted.getAndIncrement();
                open.add(socket);
                daemon(() -> serve(socket, nth));
            } catch (IOException noMore) {
                return;
            }
        }
    }

    private void serve(Socket socket, int nth) {
        StringBuilder received = new StringBuilder();
        try (socket) {
            socket.setTcpNoDelay(true);
            script.run(new Peer(socket, closed, received), nth);
        } catch (IOException | InterruptedException clientLeft) {
            // what the client makes of it is what the test judges
        } finally {
            open.remove(socket);
            requests.add(received.toString());
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection, seen from the server. */
    public static final class Peer {
        private final Socket socket;
        private final InputStream in;
        private final CountDownLatch held;
        private final StringBuilder received;

        Peer(Socket socket, CountDownLatch held, StringBuilder received) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.held = held;
            this.received = received;
        }

        public String read(int octets) throws IOException {
            String text = new String(in.readNBytes(octets), ISO_8859_1);
            received.append(text);
            return text;
        }

        public String readToTheEnd() throws IOException {
            return read(Integer.MAX_VALUE);
        }

        public String readLine() throws IOException {
            StringBuilder line = new StringBuilder();
            String octet = read(1);
            while (!octet.isEmpty() && !octet.equals("\n")) {
                line.append(octet);
                octet = read(1);
            }
            return line.toString();
        }

        /** The next line without its end; null when the client has ended. */
        public @Nullable String nextLine() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                received.append((char) octet);
                if (octet == '\n') {
                    return line.toString().stripTrailing();
                }
                line.append((char) octet);
            }
            return null;
        }

        /** Reads up to the blank line, and returns the first; null when the client has ended. */
        public @Nullable String readHead() throws IOException {
            String first = nextLine();
            String line = first;
            while (line != null && !line.isEmpty()) {
                line = nextLine();
            }
            return first;
        }

        /** Opens a session as a node of that name. */
        public void openSession(String node) throws IOException {
            nextLine();
            nextLine();
            write("GREETING/2\nNode " + node + "\n");
        }

        /** Half-closes, and counts the rest of the lines. */
        public int endAndCountLines() throws IOException {
            halfClose();
            int lines = 0;
            while (nextLine() != null) {
                lines++;
            }
            return lines;
        }

        /** Reads a head for one of its fields. */
        public String readHeadField(String name) throws IOException {
            String value = "";
            String line = readLine();
            while (!line.isBlank()) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                    value = line.substring(name.length() + 1).strip();
                }
                line = readLine();
            }
            return value;
        }

        public void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
        }

        public void writeByteByByte(String text) throws IOException {
            for (int i = 0; i < text.length(); i++) {
                write(text.substring(i, i + 1));
            }
        }

        public void writeForEver(String text) throws IOException {
            while (true) {
                write(text);
            }
        }

        /** Writes nothing more until the client leaves. */
        public void stall() throws IOException {
            in.readAllBytes();
        }

        /** The rest of the next line behind its first word. */
        public String readToken() throws IOException {
            String line = readLine();
            return line.substring(line.indexOf(' ') + 1);
        }

        /** Answers each line with a word replaced, as fast as it can, until the client has no more. */
        public void copyReplacing(String word, String by) throws IOException {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, ISO_8859_1));
            BufferedWriter out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), ISO_8859_1));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.write(line.replace(word, by));
                out.write('\n');
                if (!lines.ready()) {
                    out.flush();
                }
            }
            out.flush();
        }

        public void halfClose() throws IOException {
            socket.shutdownOutput();
        }

        /** Keeps the connection open until the test ends it, even when the client half-closes. */
        public void hold() throws InterruptedException {
            held.await();
        }

        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}

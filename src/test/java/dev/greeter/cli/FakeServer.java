package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on a port of its own that does to each connection what a test tells it, and closes it afterwards. */
final class FakeServer implements AutoCloseable {
    /** What happens to the nth connection, from 0 on. */
    interface Script {
        void run(Peer peer, int nth) throws IOException;
    }

    private static final int PATIENCE_SECONDS = 10;

    private final ServerSocket listener;
    private final Script script;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger accepted = new AtomicInteger();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    private FakeServer(Script script, int port, String address) {
        this.script = script;
        try {
            listener = new ServerSocket(port, 50, InetAddress.getAllByName(address)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    static FakeServer that(Script script) {
        return new FakeServer(script, 0, "127.0.0.1");
    }

    static FakeServer at(int port, String address, Script script) {
        return new FakeServer(script, port, address);
    }

    /** Reads a one-shot greeting, then says this. */
    static FakeServer answering(String answer) {
        return that((peer, nth) -> {
            peer.read("Hello".length());
            peer.write(answer);
        });
    }

    /** Reads a request's head, then says this. */
    static FakeServer answeringHttp(String answer) {
        return that((peer, nth) -> {
            peer.readHead();
            peer.write(answer);
        });
    }

    static FakeServer answeringJson(int status, String body) {
        return answeringHttp(
                "HTTP/1.1 %d Status\r\ncontent-length: %d\r\n\r\n%s".formatted(status, body.length(), body));
    }

    int port() {
        return listener.getLocalPort();
    }

    String target() {
        return "localhost:" + port();
    }

    int accepted() {
        return accepted.get();
    }

    /** What a client sent, as far as the script read it, once its connection ended. */
    String request() throws InterruptedException {
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
        Peer peer = new Peer(socket, closed);
        try (socket) {
            socket.setTcpNoDelay(true);
            script.run(peer, nth);
            requests.add(peer.received.toString());
        } catch (IOException clientLeft) {
            requests.add(peer.received.toString());
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection, seen from the server. */
    static final class Peer {
        private final Socket socket;
        private final CountDownLatch held;
        private final StringBuilder received = new StringBuilder();

        Peer(Socket socket, CountDownLatch held) {
            this.socket = socket;
            this.held = held;
        }

        String read(int octets) throws IOException {
            String text = new String(socket.getInputStream().readNBytes(octets), ISO_8859_1);
            received.append(text);
            return text;
        }

        String readToTheEnd() throws IOException {
            return read(Integer.MAX_VALUE);
        }

        String readLine() throws IOException {
            StringBuilder line = new StringBuilder();
            String octet = read(1);
            while (!octet.isEmpty() && !octet.equals("\n")) {
                line.append(octet);
                octet = read(1);
            }
            return line.toString();
        }

        void readHead() throws IOException {
            String line = readLine();
            while (!line.isBlank()) {
                line = readLine();
            }
        }

        /** Reads a head for one of its fields. */
        String readHeadField(String name) throws IOException {
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

        void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
        }

        void writeByteByByte(String text) throws IOException {
            for (int i = 0; i < text.length(); i++) {
                write(text.substring(i, i + 1));
            }
        }

        void writeForEver(String text) throws IOException {
            while (true) {
                write(text);
            }
        }

        /** Says nothing more until the client leaves. */
        void stall() throws IOException {
            socket.getInputStream().readAllBytes();
        }

        /** The rest of the next line behind its first word. */
        String readToken() throws IOException {
            String line = readLine();
            return line.substring(line.indexOf(' ') + 1);
        }

        /** Answers each line with a word replaced, as fast as it can, until the client has no more. */
        void copyReplacing(String word, String by) throws IOException {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            BufferedWriter out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.write(line.replace(word, by));
                out.write('\n');
                if (!in.ready()) {
                    out.flush();
                }
            }
            out.flush();
        }

        void halfClose() throws IOException {
            socket.shutdownOutput();
        }

        /** Keeps the connection open until the test ends it, even when the client has no more to say. */
        void hold() {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}

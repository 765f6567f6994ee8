package dev.greeter.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server on a free port that does to each of its connections what a test says. */
final class FakeServer implements AutoCloseable {
    /** One connection, the nth from 0 on. It is closed in order when the conversation returns. */
    interface Conversation {
        void hold(Connection connection, int nth) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Conversation conversation;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    FakeServer(Conversation conversation) throws IOException {
        this.conversation = conversation;
        this.server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = server.accept();
            open.add(socket);
            int nth = accepted.getAndIncrement();
            start(() -> {
                try (socket) {
                    socket.setTcpNoDelay(true);
                    conversation.hold(new Connection(socket), nth);
                } finally {
                    open.remove(socket);
                }
            });
        }
    }

    private interface Body {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException | InterruptedException ended) {
                // the test judges what the probe reports
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        closed.countDown();
        for (Socket socket : open) {
            socket.close();
        }
    }

    final class Connection {
        private final Socket socket;
        private final InputStream in;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        String hear(int octets) throws IOException {
            return new String(in.readNBytes(octets), ISO_8859_1);
        }

        /** Without its end; null when the client has ended. */
        @Nullable
        String hearLine() throws IOException {
            StringBuilder line = new StringBuilder();
            int octet;
            while ((octet = in.read()) >= 0) {
                if (octet == '\n') {
                    return line.toString().stripTrailing();
                }
                line.append((char) octet);
            }
            return null;
        }

        /** Up to the blank line; null when the client has ended. */
        @Nullable
        String hearRequest() throws IOException {
            String first = hearLine();
            String line = first;
            while (line != null && !line.isEmpty()) {
                line = hearLine();
            }
            return first;
        }

        /** Opens a session as a node of that name. */
        void openSession(String node) throws IOException {
            hearLine();
            hearLine();
            say("GREETING/2\nNode " + node + "\n");
        }

        void say(String octets) throws IOException {
            socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
        }

        /** Half-closes, and hears the rest. */
        int endAndCountLines() throws IOException {
            socket.shutdownOutput();
            int lines = 0;
            while (hearLine() != null) {
                lines++;
            }
            return lines;
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Says nothing until the test's end. */
        void stall() throws InterruptedException {
            closed.await();
        }
    }
}

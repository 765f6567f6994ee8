package dev.greeter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients on threads of their own that greet until they are stopped or the service is gone, and know what became of each
 * request: answered, returned by {@code Bye}, turned away, or lost.
 */
final class Load implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int PIPELINED = 16;

    final LongAdder greeted = new LongAdder();
    final LongAdder got = new LongAdder();

    /** New connections that ended before the service had said anything: it may never have accepted them. */
    final Queue<String> turnedAway = new ConcurrentLinkedQueue<>();

    /** Requests on connections that the service had answered on before, and neither answered nor returned. */
    final Queue<String> lost = new ConcurrentLinkedQueue<>();

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean connecting = true;
    private volatile boolean over;

    private interface Client {
        /** Uses the connection up. */
        void greet(Connection connection) throws IOException;
    }

    Load oneShot(int clients, int port) {
        return run(clients, port, "oneshot", connection -> {
            connection.say("Hello");
            String answer = connection.hearAll();
            if (answer.equals("World")) {
                greeted.increment();
            } else if (!answer.equals("Bye\n")) {
                throw new IOException("got '" + answer + "'");
            }
        });
    }

    Load sessions(int clients, int port) {
        return run(clients, port, "session", connection -> {
            connection.say("GREETING/2\n");
            if (!connection.hearLine().equals("GREETING/2")) {
                return;
            }
            while (!over) {
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < PIPELINED; i++) {
                    lines.append("Hello ").append(i).append('\n');
                }
                connection.say(lines.toString());
                for (int i = 0; i < PIPELINED; i++) {
                    String line = connection.hearLine();
                    if (line.equals("Bye")) {
                        return;
                    }
                    if (!line.equals("World " + i)) {
                        throw new IOException("got '" + line + "'");
                    }
                    greeted.increment();
                }
            }
        });
    }

    Load pages(int clients, int port) {
        return run(clients, port, "page", connection -> getPage(connection, "connection: close\r\n"));
    }

    Load pagesKeptAlive(int clients, int port) {
        return run(clients, port, "kept-alive page", connection -> {
            while (!over && !getPage(connection, "").contains("connection: close")) {
                // again on the same connection
            }
        });
    }

    private String getPage(Connection connection, String header) throws IOException {
        connection.say("GET / HTTP/1.1\r\nhost: greeter\r\n" + header + "\r\n");
        String page = connection.hearUntil("</html>\n");
        got.increment();
        return page;
    }

    private Load run(int clients, int port, String kind, Client client) {
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(() -> {
                boolean there = true;
                while (there && connecting && !over) {
                    there = greet(port, kind, client);
                }
            });
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    /** @return whether the service is still there */
    private boolean greet(int port, String kind, Client client) {
        try (Connection connection = new Connection()) {
            try {
                connection.open(port);
            } catch (IOException refused) {
                return false;
            }
            try {
                client.greet(connection);
            } catch (IOException failed) {
                (connection.heard ? lost : turnedAway).add(kind + ": " + failed);
            }
            return true;
        }
    }

    /** As a balancer does for a service that is not ready: what is open goes on, nothing new is opened. */
    void stopConnecting() {
        connecting = false;
    }

    /** Lets each client finish what it is at. */
    void stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public void close() {
        over = true;
    }

    private static final class Connection implements AutoCloseable {
        private final Socket socket = new Socket();
        private final StringBuilder unread = new StringBuilder();
        private final byte[] octets = new byte[4_096];
        private boolean heard;

        void open(int port) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        }

        void say(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        String hearLine() throws IOException {
            String line = hearUntil("\n");
            return line.substring(0, line.length() - 1);
        }

        String hearUntil(String end) throws IOException {
            int found = unread.indexOf(end);
            while (found < 0) {
                if (!hear()) {
                    throw new IOException("ended after '" + unread + "'");
                }
                found = unread.indexOf(end);
            }
            String text = unread.substring(0, found + end.length());
            unread.delete(0, text.length());
            return text;
        }

        String hearAll() throws IOException {
            while (hear()) {
                // more
            }
            return unread.toString();
        }

        private boolean hear() throws IOException {
            int read = socket.getInputStream().read(octets);
            if (read > 0) {
                heard = true;
                unread.append(new String(octets, 0, read, ISO_8859_1));
            }
            return read >= 0;
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException gone) {
                // as wished
            }
        }
    }
}

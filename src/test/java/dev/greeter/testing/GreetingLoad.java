package dev.greeter.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Clients, each on its own thread, that greet until they are stopped or the service is gone. They count each request as
 * answered, returned by {@code Bye}, turned away, or lost.
 */
public final class GreetingLoad implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int PIPELINED = 16;
    private static final int PROGRESS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public enum Form {
        ONE_SHOT,
        SESSION,
        PAGE,
        PAGE_KEPT_ALIVE
    }

    /** New connections that were refused, or reset before the service had said anything: it may not have accepted them. */
    public final Queue<String> turnedAway = new ConcurrentLinkedQueue<>();

    /** The number of these that were reset. */
    public final LongAdder resets = new LongAdder();

    /** New connections that the service accepted, and closed in order without an answer. */
    public final Queue<String> unanswered = new ConcurrentLinkedQueue<>();

    /** Requests on connections that the service had answered on before, and neither answered nor returned. */
    public final Queue<String> lost = new ConcurrentLinkedQueue<>();

    private final Map<Form, LongAdder> answered = new EnumMap<>(Form.class);
    private final Duration thinkTime;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean connecting = true;
    private volatile boolean over;

    private interface Client {
        /** Uses the connection up. */
        void greet(Connection connection) throws IOException;
    }

    /** Clients that make their next request as soon as they have the answer to the last. */
    public GreetingLoad() {
        this(Duration.ZERO);
    }

    /** @param thinkTime how long each client waits after an answer before it does anything */
    public GreetingLoad(Duration thinkTime) {
        this.thinkTime = thinkTime;
        for (Form form : Form.values()) {
            answered.put(form, new LongAdder());
        }
    }

    public GreetingLoad oneShot(int clients, int port) {
        return run(clients, port, Form.ONE_SHOT, connection -> {
            connection.say("Hello");
            String answer = connection.hearAll();
            if (answer.equals("World")) {
                answered(Form.ONE_SHOT);
            } else if (!answer.equals("Bye\n")) {
                throw new IOException("got '" + answer + "'");
            }
        });
    }

    public GreetingLoad sessions(int clients, int port) {
        return run(clients, port, Form.SESSION, connection -> {
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
                    answered(Form.SESSION);
                }
            }
        });
    }

    public GreetingLoad pages(int clients, int port) {
        return run(clients, port, Form.PAGE, connection -> getPage(connection, Form.PAGE, "connection: close\r\n"));
    }

    public GreetingLoad pagesKeptAlive(int clients, int port) {
        return run(clients, port, Form.PAGE_KEPT_ALIVE, connection -> {
            while (!over && !getPage(connection, Form.PAGE_KEPT_ALIVE, "").contains("connection: close")) {
                // again on the same connection
            }
        });
    }

    private String getPage(Connection connection, Form form, String header) throws IOException {
        connection.say("GET / HTTP/1.1\r\nhost: greeter\r\n" + header + "\r\n");
        String page = connection.hearUntil("</html>\n");
        answered(form);
        return page;
    }

    private void answered(Form form) {
        count(form).increment();
        LockSupport.parkNanos(thinkTime.toNanos());
    }

    private GreetingLoad run(int clients, int port, Form form, Client client) {
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(() -> {
                boolean there = true;
                while (there && connecting && !over) {
                    there = greet(port, form, client);
                }
            });
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    /** @return whether the service is still there */
    private boolean greet(int port, Form form, Client client) {
        try (Connection connection = new Connection()) {
            try {
                connection.open(port);
            } catch (IOException refused) {
                turnedAway.add(form + ": " + refused);
                return false;
            }
            try {
                client.greet(connection);
            } catch (IOException failed) {
                count(connection, form + ": " + failed);
            }
            return true;
        }
    }

    private void count(Connection connection, String failed) {
        if (connection.heard) {
            lost.add(failed);
        } else if (connection.ended) {
            unanswered.add(failed);
        } else {
            resets.increment();
            turnedAway.add(failed);
        }
    }

    private LongAdder count(Form form) {
        return Objects.requireNonNull(answered.get(form));
    }

    /** Answers that clients read in full. */
    public long answeredIn(Form... forms) {
        return Stream.of(forms).mapToLong(form -> count(form).sum()).sum();
    }

    public long greeted() {
        return answeredIn(Form.ONE_SHOT, Form.SESSION);
    }

    public long got() {
        return answeredIn(Form.PAGE, Form.PAGE_KEPT_ALIVE);
    }

    /** Waits until clients of every form have got more answers. */
    public void awaitProgress() {
        awaitProgress(List.of(this));
    }

    /** Waits until clients of every form, of each of these loads, have got more answers. */
    public static void awaitProgress(List<GreetingLoad> loads) {
        IdentityHashMap<LongAdder, Long> goals = new IdentityHashMap<>();
        loads.forEach(load -> load.answered.values().forEach(count -> goals.put(count, count.sum() + PROGRESS)));
        goals.forEach((count, goal) -> await().atMost(PATIENCE).until(() -> count.sum() > goal));
    }

    /** Opens nothing new, while what is open goes on: a balancer does so when the service is not ready. */
    public void stopConnecting() {
        connecting = false;
    }

    /** Lets each client finish its request, and ends it. */
    public void stop() throws InterruptedException {
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
        private boolean ended;

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
            ended = read < 0;
            return !ended;
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException gone) {
                // that is all that was to be done
            }
        }
    }
}

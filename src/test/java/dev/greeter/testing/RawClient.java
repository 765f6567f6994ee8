package dev.greeter.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;

/** A client that sends and reads octets, as characters of Latin 1. */
public class RawClient implements AutoCloseable {
    static final String LOOPBACK = "127.0.0.1";
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    private static final int QUIET_MILLIS = 500;

    private final Socket socket;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final InputStream in;

    public RawClient(int port) {
        this(port, 0);
    }

    /** @param receiveBufferOctets zero for the system's default */
    public RawClient(int port, int receiveBufferOctets) {
        this(connect(LOOPBACK, LOOPBACK, port, receiveBufferOctets));
    }

    RawClient(Socket socket) {
        this.socket = socket;
        in = new BufferedInputStream(unchecked(socket::getInputStream));
    }

    /** Connects from this address, which is one of the machine's own. */
    public static RawClient from(String address, int port) {
        return new RawClient(connect(address, LOOPBACK, port, 0));
    }

    /** Does the same to another of the machine's addresses. */
    public static RawClient between(String from, String to, int port) {
        return new RawClient(connect(from, to, port, 0));
    }

    /** @param receiveBufferOctets zero for the system's default */
    private static Socket connect(String from, String to, int port, int receiveBufferOctets) {
        return connect(new Socket(), from, to, port, receiveBufferOctets);
    }

    static <T extends Socket> T connect(T socket, String from, String to, int port, int receiveBufferOctets) {
        return unchecked(() -> {
            socket.bind(new InetSocketAddress(from, 0));
            if (receiveBufferOctets > 0) {
                socket.setReceiveBufferSize(receiveBufferOctets);
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(to, port));
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            return socket;
        });
    }

    public RawClient send(String octets) {
        return send(octets.getBytes(ISO_8859_1));
    }

    public RawClient send(byte[] octets) {
        return unchecked(() -> {
            socket.getOutputStream().write(octets);
            return this;
        });
    }

    /** Sends if the server still reads; a failure shows in what the test reads. */
    public void trySend(String octets) {
        try {
            send(octets);
        } catch (UncheckedIOException closed) {
            // by the server
        }
    }

    /** Sends these again and again until the connection ends, while this thread reads. */
    public Thread sendForEver(String octets) {
        byte[] again = octets.getBytes(ISO_8859_1);
        return inBackground(() -> {
            while (true) {
                send(again);
            }
        });
    }

    /** Sends these and half-closes, while this thread reads. */
    public Thread sendLastInBackground(String octets) {
        return inBackground(() -> send(octets).halfClose());
    }

    /** Sends while this thread reads; a failure shows in what is read. */
    public void sendInBackground(String octets) {
        inBackground(() -> send(octets));
    }

    /** Sends octet after octet, that many milliseconds apart, while this thread reads; ends with the connection. */
    public RawClient trickle(String octets, int everyMillis) {
        inBackground(() -> {
            for (int i = 0; i < octets.length() && closed.getCount() > 0; i++) {
                send(octets.substring(i, i + 1));
                closed.await(everyMillis, MILLISECONDS);
            }
        });
        return this;
    }

    private interface Sending {
        void run() throws InterruptedException;
    }

    private static Thread inBackground(Sending sending) {
        Thread thread = new Thread(() -> {
            try {
                sending.run();
            } catch (UncheckedIOException ended) {
                // by the server or the test, which judges by what it reads
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Sends no more, and still reads. */
    public RawClient halfClose() {
        return unchecked(() -> {
            socket.shutdownOutput();
            return this;
        });
    }

    /** Sends a request whose head is these lines. */
    public RawClient request(String... lines) {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    public RawClient get(String target, String... headers) {
        return send("GET " + target + " HTTP/1.1\r\nhost: greeter\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n");
    }

    /** Reads one response to anything but HEAD, its body by its content-length. */
    public String response() {
        String head = head();
        int length = head.lines()
                .filter(line -> line.startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
                .findFirst()
                .orElse(0);
        return head + octets(length);
    }

    public void responses(int count) {
        for (int i = 0; i < count; i++) {
            response();
        }
    }

    /** Reads responses until none comes for a while, and returns their number. */
    public int responsesUntilQuiet(int most) {
        int count = 0;
        while (count < most && isAnswered()) {
            response();
            count++;
        }
        return count;
    }

    /** Whether an answer begins within a while. */
    public boolean isAnswered() {
        return unchecked(() -> {
            socket.setSoTimeout(QUIET_MILLIS);
            try {
                in.mark(1);
                boolean answered = in.read() >= 0;
                in.reset();
                return answered;
            } catch (SocketTimeoutException quiet) {
                return false;
            } finally {
                socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            }
        });
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Reads a head up to and with its empty line. */
    public String head() {
        return unchecked(() -> {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
                int octet = in.read();
                if (octet < 0) {
                    throw new AssertionError("the server closed after \"" + head + '"');
                }
                head.append((char) octet);
            }
            return head.toString();
        });
    }

    /** Reads until the server closes in order; then the client closes too. */
    public String toEnd() {
        String rest = rest();
        close();
        return rest;
    }

    /** Reads until the server half-closes. */
    public String rest() {
        return new String(unchecked(in::readAllBytes), ISO_8859_1);
    }

    /** Closes before the test's end. */
    public void leave() {
        close();
    }

    /** Closes by a reset, whatever is unread. */
    public void reset() {
        unchecked(() -> {
            socket.setSoLinger(true, 0);
            close();
            return socket;
        });
    }

    public String octets(int count) {
        String octets = new String(unchecked(() -> in.readNBytes(count)), ISO_8859_1);
        if (octets.length() < count) {
            throw new AssertionError("the server closed after \"" + octets + '"');
        }
        return octets;
    }

    @Override
    public void close() {
        closed.countDown();
        unchecked(() -> {
            socket.close();
            return socket;
        });
    }

    interface Io<T> {
        T run() throws IOException;
    }

    /** What fails here fails the test, unless the test expects it. */
    static <T> T unchecked(Io<T> io) {
        try {
            return io.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

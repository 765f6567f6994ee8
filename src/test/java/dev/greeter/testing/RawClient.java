package dev.greeter.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that sends and reads octets, as characters of Latin 1. */
public final class RawClient implements AutoCloseable {
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
        this(InetAddress.getLoopbackAddress(), port, receiveBufferOctets);
    }

    /** Connects from this address, which is one of the machine's own. */
    public static RawClient from(String address, int port) {
        try {
            return new RawClient(InetAddress.getByName(address), port, 0);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does the same to another of the machine's addresses. */
    public static RawClient between(String from, String to, int port) {
        try {
            return new RawClient(new Socket(to, port, InetAddress.getByName(from), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawClient(InetAddress from, int port, int receiveBufferOctets) {
        this(connect(from, port, receiveBufferOctets));
    }

    private RawClient(Socket socket) {
        this.socket = socket;
        try {
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket connect(InetAddress from, int port, int receiveBufferOctets) {
        try {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(from, 0));
            if (receiveBufferOctets > 0) {
                socket.setReceiveBufferSize(receiveBufferOctets);
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Connects over TLS, without a handshake so far.
     *
     * @param version such as {@code TLSv1.3}
     */
    public static RawClient overTls(int port, SSLContext context, String version) {
        return overTls(port, 0, context, version);
    }

    /** Does the same with a receive buffer of this size. */
    public static RawClient overTls(int port, int receiveBufferOctets, SSLContext context, String version) {
        try {
            Socket tcp = connect(InetAddress.getLoopbackAddress(), port, receiveBufferOctets);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, "localhost", port, true);
            socket.setEnabledProtocols(new String[] {version});
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shakes hands; without this it happens with the first octets. */
    public RawClient handshake() {
        try {
            ((SSLSocket) socket).startHandshake();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawClient send(String octets) {
        return send(octets.getBytes(ISO_8859_1));
    }

    public RawClient send(byte[] octets) {
        try {
            socket.getOutputStream().write(octets);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        try {
            setReadTimeout(QUIET_MILLIS);
            in.mark(1);
            boolean answered = in.read() >= 0;
            in.reset();
            return answered;
        } catch (SocketTimeoutException quiet) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            setReadTimeout(READ_TIMEOUT_MILLIS);
        }
    }

    private void setReadTimeout(int millis) {
        try {
            socket.setSoTimeout(millis);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Reads a head up to and with its empty line. */
    public String head() {
        try {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
                int octet = in.read();
                if (octet < 0) {
                    throw new AssertionError("the server closed after \"" + head + '"');
                }
                head.append((char) octet);
            }
            return head.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until the server closes in order; then the client closes too. */
    public String toEnd() {
        String rest = rest();
        close();
        return rest;
    }

    /** Reads until the server half-closes. */
    public String rest() {
        try {
            return new String(in.readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes before the test's end. */
    public void leave() {
        close();
    }

    /** Closes by a reset, whatever is unread. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String octets(int count) {
        try {
            byte[] octets = in.readNBytes(count);
            if (octets.length < count) {
                throw new AssertionError("the server closed after \"" + new String(octets, ISO_8859_1) + '"');
            }
            return new String(octets, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.greeter.process.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An attacker's connection: a server that ends it, in whatever way, is no failure. Octets are characters of Latin 1. */
final class Wire implements AutoCloseable {
    /** A server that is silent for as long has neither answered nor ended the connection. */
    private static final int TIMEOUT_MILLIS = 60_000;

    private static final int PART_OCTETS = 8_192;

    private final Socket tcp = new Socket();
    /** Over {@link #tcp}, or the same. */
    private final Socket socket;

    /** Whether the server has cut the connection, or closed it. */
    private boolean ended;

    Wire(int port) throws IOException {
        this(port, 0);
    }

    /** @param receiveBufferOctets zero for the system's default */
    Wire(int port, int receiveBufferOctets) throws IOException {
        this(port, receiveBufferOctets, null);
    }

    /** @param tls null for clear text; the handshake comes with the first octets */
    Wire(int port, int receiveBufferOctets, @Nullable SSLContext tls) throws IOException {
        this("127.0.0.1", port, receiveBufferOctets, tls);
    }

    /** @param from one of the machine's own addresses */
    Wire(String from, int port, int receiveBufferOctets, @Nullable SSLContext tls) throws IOException {
        try {
            tcp.bind(new InetSocketAddress(from, 0));
            if (receiveBufferOctets > 0) {
                tcp.setReceiveBufferSize(receiveBufferOctets);
            }
            tcp.setTcpNoDelay(true);
            tcp.setSoTimeout(TIMEOUT_MILLIS);
            tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket = tls == null ? tcp : tls.getSocketFactory().createSocket(tcp, "localhost", port, true);
        } catch (IOException notOpen) {
            tcp.close();
            throw notOpen;
        }
    }

    /** Shakes hands; each further call asks the other side for new keys (RFC 8446, section 4.6.3). */
    Wire handshake() {
        try {
            if (!ended) {
                ((SSLSocket) socket).startHandshake();
            }
        } catch (IOException cut) {
            ended = true;
        }
        return this;
    }

    /** Sends octets below TLS. */
    Wire sendBelow(byte[] octets) {
        try {
            if (!ended) {
                tcp.getOutputStream().write(octets);
            }
        } catch (IOException cut) {
            ended = true;
        }
        return this;
    }

    boolean isEnded() {
        return ended;
    }

    Wire send(String octets) {
        return send(octets.getBytes(ISO_8859_1));
    }

    Wire send(byte[] octets) {
        try {
            if (!ended) {
                socket.getOutputStream().write(octets);
            }
        } catch (IOException cut) {
            ended = true;
        }
        return this;
    }

    /** Sends these until so many octets are sent or the server has had enough; returns the number sent. */
    long sendWithoutEnd(String again, long most) {
        byte[] part = again.repeat(Math.max(1, PART_OCTETS / again.length())).getBytes(ISO_8859_1);
        long sent = 0;
        while (!ended && sent < most) {
            send(part);
            sent += part.length;
        }
        return sent;
    }

    /** Sends one octet a second until the server ends the connection or there are no more; then reads the answer. */
    String trickle(String octets) throws IOException {
        socket.setSoTimeout(1_000);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int i = 0; i < octets.length() && !ended; i++) {
            send(octets.substring(i, i + 1));
            readInto(answer);
        }
        return answer.toString(ISO_8859_1);
    }

    private void readInto(ByteArrayOutputStream answer) {
        try {
            int octet = socket.getInputStream().read();
            while (octet >= 0) {
                answer.write(octet);
                octet = socket.getInputStream().read();
            }
            ended = true;
        } catch (SocketTimeoutException quiet) {
            // the next octet is due
        } catch (IOException cut) {
            ended = true;
        }
    }

    Wire halfClose() {
        try {
            socket.shutdownOutput();
        } catch (IOException cut) {
            ended = true;
        }
        return this;
    }

    /** All that the server sends until it ends the connection. */
    String rest() throws SocketTimeoutException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            byte[] part = new byte[PART_OCTETS];
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                read.write(part, 0, count);
            }
        } catch (SocketTimeoutException silent) {
            throw silent;
        } catch (IOException cut) {
            // what came before it is what counts
        }
        return read.toString(ISO_8859_1);
    }

    /** Reads what {@link #rest} returns, and keeps none of it. */
    void drain() throws SocketTimeoutException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException silent) {
            throw silent;
        } catch (IOException cut) {
            ended = true;
        }
    }

    /**
     * Reads until this has come so many times, and keeps nothing; false if the server ends the connection before.
     *
     * @param what must not begin again within itself
     */
    boolean awaits(String what, int times) throws SocketTimeoutException {
        byte[] part = new byte[PART_OCTETS];
        int matched = 0;
        int found = 0;
        try {
            InputStream in = socket.getInputStream();
            for (int count = 0; count >= 0 && found < times; count = in.read(part)) {
                for (int i = 0; i < count; i++) {
                    matched = part[i] == what.charAt(matched) ? matched + 1 : part[i] == what.charAt(0) ? 1 : 0;
                    if (matched == what.length()) {
                        matched = 0;
                        found++;
                    }
                }
            }
        } catch (SocketTimeoutException silent) {
            throw silent;
        } catch (IOException cut) {
            ended = true;
        }
        return found >= times;
    }

    /** Octets up to and with these; or all, if the server ends the connection before. */
    String until(String end) throws SocketTimeoutException {
        StringBuilder read = new StringBuilder();
        try {
            while (read.indexOf(end, Math.max(0, read.length() - end.length())) < 0) {
                int octet = socket.getInputStream().read();
                if (octet < 0) {
                    break;
                }
                read.append((char) octet);
            }
        } catch (SocketTimeoutException silent) {
            throw silent;
        } catch (IOException cut) {
            // as above
        }
        return read.toString();
    }

    /** Leaves the connection open and reads nothing for this long. */
    Wire idle(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
        return this;
    }

    /** Ends the connection by a reset. */
    void reset() throws IOException {
        // TLS closes what it finds cut
        if (!tcp.isClosed()) {
            tcp.setSoLinger(true, 0);
            tcp.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package dev.greeter.testing;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A client that sends and reads its octets over TLS. */
public final class TlsClient extends RawClient {
    private final SSLSocket socket;
    private final Tcp tcp;

    /**
     * Connects, without a handshake so far.
     *
     * @param version such as {@code TLSv1.3}
     */
    public TlsClient(int port, SSLContext context, String version) {
        this(port, 0, context, version);
    }

    /** @param receiveBufferOctets zero for the system's default */
    public TlsClient(int port, int receiveBufferOctets, SSLContext context, String version) {
        this(connect(new Tcp(), LOOPBACK, LOOPBACK, port, receiveBufferOctets), context, port);
        socket.setEnabledProtocols(new String[] {version});
    }

    private TlsClient(Tcp tcp, SSLContext context, int port) {
        this(tcp, unchecked(() -> (SSLSocket) context.getSocketFactory().createSocket(tcp, "localhost", port, true)));
    }

    private TlsClient(Tcp tcp, SSLSocket socket) {
        super(socket);
        this.socket = socket;
        this.tcp = tcp;
    }

    /** Shakes hands; without this it happens with the first octets. */
    public TlsClient handshake() {
        return unchecked(() -> {
            socket.startHandshake();
            return this;
        });
    }

    /** Returns the octets of {@code close_notify} without sending them, and does not half-close TCP. */
    public byte[] closeNotify() {
        return unchecked(() -> {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            tcp.kept = octets;
            socket.shutdownOutput();
            return octets.toByteArray();
        });
    }

    /** Sends octets below TLS. */
    public void sendBelow(byte[] octets, int from, int to) {
        unchecked(() -> {
            tcp.out().write(octets, from, to - from);
            return this;
        });
    }

    /** Half-closes TCP, without {@code close_notify}. */
    public void halfCloseBelow() {
        unchecked(() -> {
            tcp.end();
            return this;
        });
    }

    /** TCP, and what TLS would send if it is to be kept. */
    private static final class Tcp extends Socket {
        private @Nullable OutputStream kept;

        private OutputStream out() throws IOException {
            return super.getOutputStream();
        }

        private void end() throws IOException {
            super.shutdownOutput();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(out()) {
                @Override
                public void write(byte[] octets, int from, int length) throws IOException {
                    (kept == null ? out : kept).write(octets, from, length);
                }
            };
        }

        @Override
        public void shutdownOutput() throws IOException {
            if (kept == null) {
                end();
            }
        }
    }
}

package dev.greeter.testing;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that sends and reads its octets over TLS. */
public final class TlsClient extends RawClient {
    private final SSLSocket socket;

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
        this(unchecked(() -> (SSLSocket) context.getSocketFactory()
                .createSocket(connect(LOOPBACK, LOOPBACK, port, receiveBufferOctets), "localhost", port, true)));
        socket.setEnabledProtocols(new String[] {version});
    }

    private TlsClient(SSLSocket socket) {
        super(socket);
        this.socket = socket;
    }

    /** Shakes hands; without this it happens with the first octets. */
    public TlsClient handshake() {
        return unchecked(() -> {
            socket.startHandshake();
            return this;
        });
    }
}

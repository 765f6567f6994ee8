package dev.greeter.greeting;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that says and hears octets, over a real socket. Reads fail after ten seconds. */
final class Peer implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();

    Peer(int port) throws IOException {
        this(port, 0);
    }

    /** @param receiveBuffer octets that the kernel may take while nobody reads; 0 for its default */
    Peer(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), READ_TIMEOUT_MILLIS);
    }

    Peer say(String octets) throws IOException {
        return say(octets.getBytes(ISO_8859_1));
    }

    Peer say(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        return this;
    }

    /** Says it if the server still hears. */
    void trySay(String octets) {
        try {
            say(octets);
        } catch (IOException closed) {
            // what the test hears is what it judges
        }
    }

    /** Says these until the connection ends, beside the test's thread. */
    Thread sayForEver(String octets) {
        return beside(() -> {
            byte[] again = octets.getBytes(ISO_8859_1);
            while (true) {
                say(again);
            }
        });
    }

    /** Says these and half-closes, beside the test's thread, which can hear meanwhile. */
    Thread sayBeside(String octets) {
        return beside(() -> say(octets).end());
    }

    private interface Saying {
        void run() throws IOException;
    }

    private static Thread beside(Saying saying) {
        Thread thread = new Thread(() -> {
            try {
                saying.run();
            } catch (IOException closed) {
                // what the test hears, or does not, is what it judges
            }
        });
        thread.start();
        return thread;
    }

    /** Half-closes. */
    Peer end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** As many octets as the text has, which are expected to be the text. */
    String hear(int octets) throws IOException {
        return new String(socket.getInputStream().readNBytes(octets), ISO_8859_1);
    }

    /** All until the server half-closes. */
    String hearAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    /** Closes before the test's end. */
    void leave() throws IOException {
        socket.close();
    }

    /** Closes by a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package dev.greeter.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that sends the same octets to each client, ends its side, and closes after the client, one client at a time. */
public final class HostileServer implements AutoCloseable {
    private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MAX_SMALL_FRAME = 125;
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket listener;
    private volatile byte[] octets = {};
    private volatile boolean opensWebSockets;

    public HostileServer() {
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "hostile server");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /**
     * Changes what clients are sent from now on.
     *
     * @param webSocket whether the octets follow a right answer to a WebSocket's handshake
     */
    public void say(byte[] said, boolean webSocket) {
        octets = said;
        opensWebSockets = webSocket;
    }

    /** One WebSocket frame with a text. */
    public static byte[] frame(byte[] text) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        if (text.length <= MAX_SMALL_FRAME) {
            frame.write(text.length);
        } else {
            frame.write(MAX_SMALL_FRAME + 1);
            frame.write(text.length >> Byte.SIZE);
            frame.write(text.length);
        }
        frame.writeBytes(text);
        return frame.toByteArray();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                client.setSoTimeout(PATIENCE_MILLIS);
                client.setTcpNoDelay(true);
                serve(client);
            } catch (IOException gone) {
                // the client has what it wanted
            }
        }
    }

    private void serve(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        if (opensWebSockets) {
            client.getOutputStream().write(accepted(head(in)));
        }
        client.getOutputStream().write(octets);
        client.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int octet = in.read();
        while (octet >= 0 && head.indexOf("\r\n\r\n") < 0) {
            head.append((char) octet);
            // the last octet is the head's last
            octet = head.indexOf("\r\n\r\n") < 0 ? in.read() : 0;
        }
        return head.toString();
    }

    private static byte[] accepted(String head) {
        Matcher key = KEY.matcher(head);
        String accept = key.find() ? accept(key.group(1)) : "";
        return ("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                        + "sec-websocket-accept: " + accept + "\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

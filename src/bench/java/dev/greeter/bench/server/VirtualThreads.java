package dev.greeter.bench.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Answers with the JDK alone, by a virtual thread for each connection. Needs JDK 21 or later. Arguments: the greeting port, the
 * HTTP port and the file of the page's whole response.
 */
public final class VirtualThreads {
    private static final int ACCEPT_BACKLOG = 4_096;
    private static final int READ_OCTETS = 8_192;
    private static final byte[] PREFACE = "GREETING/2\n".getBytes(US_ASCII);
    private static final byte[] WORLD = "World".getBytes(US_ASCII);
    private static final byte[] WORLDS = "World\n".repeat(READ_OCTETS).getBytes(US_ASCII);
    private static final byte[] EMPTY_LINE = "\r\n\r\n".getBytes(US_ASCII);

    private interface Conversation {
        void hold(InputStream in, OutputStream out) throws IOException;
    }

    private VirtualThreads() {}

    public static void main(String[] args) throws Exception {
        byte[] page = Files.readAllBytes(Path.of(args[2]));
        // by its name, because this is compiled for 17
        Executor threads = (Executor)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        listen(Integer.parseInt(args[0]), threads, VirtualThreads::greet);
        listen(Integer.parseInt(args[1]), threads, (in, out) -> sendPages(in, out, page));
    }

    private static void listen(int port, Executor threads, Conversation conversation) throws IOException {
        ServerSocket listener = new ServerSocket(port, ACCEPT_BACKLOG, InetAddress.getLoopbackAddress());
        new Thread(() -> accept(listener, threads, conversation), "acceptor").start();
    }

    private static void accept(ServerSocket listener, Executor threads, Conversation conversation) {
        try (listener) {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                threads.execute(() -> converse(socket, conversation));
            }
        } catch (IOException failed) {
            System.err.println("not accepted: " + failed);
        }
    }

    private static void converse(Socket socket, Conversation conversation) {
        try (socket) {
            conversation.hold(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException failed) {
            // the client notices it
            return;
        }
    }

    private static void greet(InputStream in, OutputStream out) throws IOException {
        byte[] octets = new byte[READ_OCTETS];
        int length = in.read(octets);
        if (length > 0 && octets[0] != 'G') {
            for (int more = length; more >= 0 && length < WORLD.length; length += more) {
                more = in.read(octets, length, octets.length - length);
            }
            out.write(WORLD);
            return;
        }
        if (length > 0) {
            out.write(PREFACE);
            answer(out, lines(octets, length) - 1);
        }
        for (length = in.read(octets); length >= 0; length = in.read(octets)) {
            answer(out, lines(octets, length));
        }
    }

    private static void answer(OutputStream out, int lines) throws IOException {
        if (lines > 0) {
            out.write(WORLDS, 0, lines * (WORLD.length + 1));
        }
    }

    private static int lines(byte[] octets, int length) {
        int lines = 0;
        for (int i = 0; i < length; i++) {
            if (octets[i] == '\n') {
                lines++;
            }
        }
        return lines;
    }

    /** An empty line ends a request. */
    private static void sendPages(InputStream in, OutputStream out, byte[] page) throws IOException {
        byte[] octets = new byte[READ_OCTETS];
        int matched = 0;
        for (int length = in.read(octets); length >= 0; length = in.read(octets)) {
            for (int i = 0; i < length; i++) {
                matched = octets[i] == EMPTY_LINE[matched] ? matched + 1 : octets[i] == EMPTY_LINE[0] ? 1 : 0;
                if (matched == EMPTY_LINE.length) {
                    matched = 0;
                    out.write(page);
                }
            }
        }
    }
}

package dev.greeter.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The machine's programs, rights and ports that a test needs beside the JDK and Maven. */
public final class Machine {
    /** Below the ports that the kernel gives to clients and to listeners on port 0. */
    private static final int FIRST_PORT = 20_000;

    /** The size of the range of each JVM that runs tests at the same time: none takes the ports of another. */
    private static final int PORTS = 5_000;

    private static final int FORK = Integer.getInteger("greeter.fork", 0) % 2;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private Machine() {}

    /** The path of a program that the test needs. */
    public static String program(String name) {
        Optional<Path> program = Stream.concat(
                        Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        needs(program.isPresent(), "the program " + name);
        return program.orElseThrow().toString();
    }

    /** A port of the loopback that nobody listens on, and that no other test gets. */
    public static int freePort() {
        return freePort("127.0.0.1");
    }

    /** A port that is free at all of these addresses. */
    public static int freePort(String... hosts) {
        while (true) {
            int port = FIRST_PORT + FORK * PORTS + Math.floorMod(NEXT.getAndIncrement(), PORTS);
            if (Stream.of(hosts).allMatch(host -> isFree(host, port))) {
                return port;
            }
        }
    }

    /** Whether nobody listens there. */
    public static boolean isFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Aborts the test unless it is there, or fails it where {@code CI} is {@code true}: there nothing may be left out. */
    public static void needs(boolean there, String what) {
        if (!there) {
            String line = "this machine lacks " + what;
            if ("true".equals(System.getenv("CI"))) {
                fail(line);
            }
            abort(line);
        }
    }
}

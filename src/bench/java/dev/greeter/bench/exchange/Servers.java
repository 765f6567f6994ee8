package dev.greeter.bench.exchange;

import dev.greeter.bench.server.BareVertx;
import dev.greeter.bench.server.Uncounted;
import dev.greeter.bench.server.VirtualThreads;
import io.netty.channel.Channel;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Starts the servers of this machine, each as a process with the same page on its core. */
final class Servers {
    /** A small pod's, and the same for all JVMs. */
    private static final String HEAP = "-Xmx256m";

    private final Options options;
    private final Path folder;
    private final Cores cores;
    private final Path ownClasses = location(Servers.class);
    private final Optional<Path> floor;
    private final Optional<Path> newJava;
    private int nextPort = 20_000;

    Servers(Options options, Path folder, Cores cores) throws IOException, InterruptedException {
        this.options = options;
        this.folder = folder;
        this.cores = cores;
        floor = Program.compile("floor", folder);
        newJava = Program.javaWithVirtualThreads(options.jdk);
    }

    /** Writes the page for the other servers. */
    void publish(byte[] response, int bodyAt) throws IOException {
        Files.write(response(), response);
        Files.write(body(), Arrays.copyOfRange(response, bodyAt, response.length));
    }

    private Path response() {
        return folder.resolve("response");
    }

    private Path body() {
        return folder.resolve("body");
    }

    /** Returns why a server cannot be measured here, for each of those that cannot. */
    Map<Server, String> missing(Set<Server> servers) {
        Map<Server, String> missing = new EnumMap<>(Server.class);
        if (newJava.isEmpty()) {
            missing.put(Server.THREADS, "no JDK 21 or later: --jdk HOME names one");
        }
        if (!Program.isInstalled("node")) {
            missing.put(Server.NODE, "node is not installed");
        }
        if (!Program.isInstalled("nginx")) {
            missing.put(Server.NGINX, "nginx is not installed");
        }
        if (floor.isEmpty()) {
            missing.put(Server.FLOOR, "no C compiler (cc)");
        }
        if (!options.jar.equals(location(Channel.class))) {
            missing.put(Server.UNCOUNTED, "it is compiled for the jar on the class path");
        }
        missing.keySet().retainAll(servers);
        return missing;
    }

    /** Starts a server and waits for its first answer. */
    ServerProcess start(Server server) throws IOException, InterruptedException {
        int greetingPort = freePort();
        int httpPort = freePort();
        return ServerProcess.start(
                server,
                folder,
                Cores.on(cores.server(), command(server, greetingPort, httpPort)),
                greetingPort,
                httpPort);
    }

    /** Starts Greeter by its launcher, which stands beside the jar, with the archive of loaded classes. */
    ServerProcess startWithArchive(Path launcher) throws IOException, InterruptedException {
        int greetingPort = freePort();
        int httpPort = freePort();
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments(greetingPort, httpPort));
        return ServerProcess.start(Server.GREETER, folder, Cores.on(cores.server(), command), greetingPort, httpPort);
    }

    private List<String> command(Server server, int greetingPort, int httpPort) throws IOException {
        String jar = options.jar.toString();
        String path = jar + File.pathSeparator + ownClasses;
        return switch (server) {
            case GREETER -> {
                List<String> command = java(Program.java());
                command.addAll(List.of("-jar", jar));
                command.addAll(arguments(greetingPort, httpPort));
                yield command;
            }
            case VERTX -> program(Program.java(), path, BareVertx.class, greetingPort, httpPort, body());
            case EPOLL ->
                program(
                        Program.java(),
                        options.epoll.orElse("") + File.pathSeparator + path,
                        BareVertx.class,
                        greetingPort,
                        httpPort,
                        body());
            case UNCOUNTED -> program(Program.java(), path, Uncounted.class, greetingPort, httpPort, body());
            case THREADS ->
                program(
                        newJava.orElseThrow(),
                        ownClasses.toString(),
                        VirtualThreads.class,
                        greetingPort,
                        httpPort,
                        response());
            case NODE ->
                List.of(
                        "node",
                        Path.of("src/bench/node/server.js").toAbsolutePath().toString(),
                        Integer.toString(greetingPort),
                        Integer.toString(httpPort),
                        body().toString());
            case NGINX ->
                List.of(
                        "nginx",
                        "-p",
                        folder.toString(),
                        "-e",
                        "stderr",
                        "-c",
                        configureNginx(httpPort).toString());
            case FLOOR ->
                List.of(
                        floor.orElseThrow().toString(),
                        Integer.toString(greetingPort),
                        Integer.toString(httpPort),
                        response().toString());
        };
    }

    private List<String> java(Path java) {
        List<String> command = new ArrayList<>(List.of(java.toString(), HEAP, "-Djava.io.tmpdir=" + folder));
        command.addAll(options.java);
        return command;
    }

    private List<String> program(Path java, String path, Class<?> main, int greetingPort, int httpPort, Path page) {
        List<String> command = java(java);
        command.addAll(List.of(
                "-cp",
                path,
                main.getName(),
                Integer.toString(greetingPort),
                Integer.toString(httpPort),
                page.toString()));
        return command;
    }

    private List<String> arguments(int greetingPort, int httpPort) {
        List<String> arguments = new ArrayList<>(List.of(
                "--port",
                Integer.toString(greetingPort),
                "--http-port",
                Integer.toString(httpPort),
                "--management-port",
                "0"));
        if (options.instances > 0) {
            arguments.addAll(List.of("--instances", Integer.toString(options.instances)));
        }
        return arguments;
    }

    private Path configureNginx(int port) throws IOException {
        String page = Files.readString(body()).replace("\\", "\\\\").replace("'", "\\'");
        return Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                events { worker_connections 4096; }
                http {
                    access_log off;
                    client_body_temp_path body_temp;
                    proxy_temp_path proxy_temp;
                    fastcgi_temp_path fastcgi_temp;
                    uwsgi_temp_path uwsgi_temp;
                    scgi_temp_path scgi_temp;
                    keepalive_requests 1000000000;
                    server {
                        listen 127.0.0.1:%d;
                        location / {
                            default_type "text/html; charset=utf-8";
                            return 200 '%s';
                        }
                    }
                }
                """.formatted(port, page));
    }

    /** Below the ports that the kernel gives to clients: one of those that polls such a port may connect to itself. */
    private int freePort() throws IOException {
        nextPort++;
        while (isTaken(nextPort)) {
            nextPort++;
        }
        return nextPort;
    }

    private static boolean isTaken(int port) throws IOException {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return !free.isBound();
        } catch (BindException taken) {
            return true;
        }
    }

    /** Returns the jar or the folder that a class was loaded from. */
    static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

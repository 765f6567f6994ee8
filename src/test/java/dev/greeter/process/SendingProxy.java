package dev.greeter.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A proxy in front of both ports of a service, which names its clients by the PROXY protocol. Closing kills it. */
final class SendingProxy implements AutoCloseable {
    /** Its own address, for the service. */
    static final String ADDRESS = "127.0.0.3";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** With the checks of the same version, except where it says otherwise. */
    enum Kind {
        HAPROXY_V1("tcp", "send-proxy check check-send-proxy"),
        HAPROXY_V2("tcp", "send-proxy-v2 check check-send-proxy"),
        HAPROXY_V2_VALUES("tcp", "send-proxy-v2 proxy-v2-options crc32c,unique-id check check-send-proxy"),
        /** Its checks connect and close, without a header. */
        HAPROXY_BARE_CHECK("tcp", "send-proxy-v2 check port %d"),
        HAPROXY_HTTP("http", "send-proxy-v2 check check-send-proxy"),
        HAPROXY_HTTP_CHECK("http", "send-proxy-v2 check check-send-proxy"),
        NGINX("", "");

        private final String mode;
        private final String options;

        Kind(String mode, String options) {
            this.mode = mode;
            this.options = options;
        }
    }

    private final Process process;
    private final Path log;
    private final Path control;
    private final int greetingPort;
    private final int httpPort;

    private SendingProxy(Process process, Path log, Path control, int greetingPort, int httpPort) {
        this.process = process;
        this.log = log;
        this.control = control;
        this.greetingPort = greetingPort;
        this.httpPort = httpPort;
    }

    static SendingProxy start(Kind kind, Path folder, GreeterProcess greeter) throws IOException {
        int greetingPort = Machine.freePort();
        int httpPort = Machine.freePort();
        Path own = Files.createTempDirectory(folder, "proxy");
        Path control = own.resolve("control");
        Path log = own.resolve("log");
        Path configuration = own.resolve("configuration");
        List<String> command;
        if (kind == Kind.NGINX) {
            Files.writeString(configuration, nginx(greeter, greetingPort, httpPort));
            command = List.of(Machine.program("nginx"), "-p", own.toString(), "-c", configuration.toString());
        } else {
            Files.writeString(configuration, haproxy(kind, greeter, control, greetingPort, httpPort));
            command = List.of(Machine.program("haproxy"), "-db", "-f", configuration.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        SendingProxy proxy = new SendingProxy(process, log, control, greetingPort, httpPort);
        await().atMost(PATIENCE).until(() -> !Machine.isFree("127.0.0.1", httpPort) || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        return proxy;
    }

    private static String haproxy(Kind kind, GreeterProcess greeter, Path control, int greetingPort, int httpPort)
            throws IOException {
        return """
                global
                    nbthread 1
                    stats socket %s mode 600 level admin
                defaults
                    mode tcp
                    unique-id-format %%{+X}o\\ %%ci:%%cp
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                    timeout check 5s
                    default-server inter 50 rise 5 source %s
                listen greeting
                    bind 127.0.0.1:%d
                    server node 127.0.0.1:%d %s
                listen http
                    mode %s
                    %s
                    bind 127.0.0.1:%d
                    server node 127.0.0.1:%d %s
                """.formatted(
                        control,
                        ADDRESS,
                        greetingPort,
                        greeter.greetingPort(),
                        kind.options.formatted(greeter.greetingPort()),
                        kind.mode,
                        kind == Kind.HAPROXY_HTTP_CHECK ? "option httpchk GET /" : "",
                        httpPort,
                        greeter.httpPort(),
                        kind.options.formatted(greeter.httpPort()));
    }

    private static String nginx(GreeterProcess greeter, int greetingPort, int httpPort) throws IOException {
        Path module = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");
        Machine.needs(Files.exists(module), "nginx's stream module");
        return """
                load_module %s;
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr info;
                events {}
                stream {
                    proxy_protocol on;
                    proxy_bind %s;
                    proxy_half_close on;
                    server {
                        listen 127.0.0.1:%d;
                        proxy_pass 127.0.0.1:%d;
                    }
                    server {
                        listen 127.0.0.1:%d;
                        proxy_pass 127.0.0.1:%d;
                    }
                }
                """.formatted(module, ADDRESS, greetingPort, greeter.greetingPort(), httpPort, greeter.httpPort());
    }

    int greetingPort() {
        return greetingPort;
    }

    int httpPort() {
        return httpPort;
    }

    /** Waits until several checks of each port have succeeded. */
    void awaitChecks() throws IOException {
        for (String server : List.of("greeting/node", "http/node")) {
            tell("set server " + server + " health down");
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(tell("show stat")
                                .lines()
                                .filter(line -> line.contains(",node,"))
                                .map(line -> line.split(",", -1)[17]))
                        .as(Files.readString(log))
                        .containsExactly("UP", "UP"));
    }

    private String tell(String command) throws IOException {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(control))) {
            socket.write(ByteBuffer.wrap((command + "\n").getBytes(US_ASCII)));
            return new String(Channels.newInputStream(socket).readAllBytes(), US_ASCII);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}

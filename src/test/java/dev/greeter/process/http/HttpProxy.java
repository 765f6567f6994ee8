package dev.greeter.process.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A proxy that speaks HTTP with its clients and with one port of the service. Closing kills it. */
final class HttpProxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final int port;

    private HttpProxy(Path folder, int port, String... command) throws IOException {
        this.port = port;
        log = Files.createTempFile(folder, "proxy", ".log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** nginx, which reads a whole request before it asks the service (its default), and keeps connections to it. */
    static HttpProxy nginx(Path folder, int target) throws IOException {
        int port = Machine.freePort();
        Path prefix = Files.createTempDirectory(folder, "nginx");
        Path configuration = Files.writeString(prefix.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr info;
                events {}
                http {
                    access_log off;
                    client_max_body_size 0;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    upstream greeter {
                        server 127.0.0.1:%d max_fails=0;
                        keepalive 4;
                    }
                    server {
                        listen 127.0.0.1:%d;
                        location / {
                            proxy_pass http://greeter;
                            proxy_http_version 1.1;
                            proxy_set_header connection "";
                            add_header x-proxy-target $request_uri always;
                        }
                    }
                }
                """.formatted(target, port));
        return listening(new HttpProxy(
                folder, port, Machine.program("nginx"), "-p", prefix.toString(), "-c", configuration.toString()));
    }

    /** HAProxy, which passes a request on as it comes, and keeps connections to the service. */
    static HttpProxy haproxy(Path folder, int target) throws IOException {
        int port = Machine.freePort();
        Path configuration =
                Files.writeString(Files.createTempFile(folder, "haproxy", ".cfg"), """
                defaults
                    mode http
                    http-reuse always
                    retries 0
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                listen greeter
                    bind 127.0.0.1:%d
                    http-request set-var(txn.target) url
                    http-response set-header x-proxy-target %%[var(txn.target)]
                    server node 127.0.0.1:%d
                """.formatted(port, target));
        return listening(
                new HttpProxy(folder, port, Machine.program("haproxy"), "-db", "-f", configuration.toString()));
    }

    private static HttpProxy listening(HttpProxy proxy) throws IOException {
        await().atMost(PATIENCE).until(() -> !Machine.isFree("127.0.0.1", proxy.port) || !proxy.process.isAlive());
        assertThat(proxy.process.isAlive()).as(proxy.output()).isTrue();
        return proxy;
    }

    int port() {
        return port;
    }

    /** Sends these requests with curl over one connection, and returns the statuses of their responses. */
    List<String> curl(List<String> options, String... paths) throws IOException, InterruptedException {
        List<String> command = Stream.of(
                        Stream.of("curl", "-sS", "-w", "%{http_code}\\n", "--max-time", "60", "-H", "expect:"),
                        options.stream(),
                        Stream.of(paths)
                                .flatMap(path -> Stream.of("-o", "/dev/null", "http://127.0.0.1:" + port + path)))
                .flatMap(words -> words)
                .toList();
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String statuses = new String(curl.getInputStream().readAllBytes(), UTF_8);
        curl.waitFor();
        return statuses.lines().toList();
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}

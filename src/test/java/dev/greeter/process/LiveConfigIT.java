package dev.greeter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar with a configuration file that changes under it, as an editor or the kubelet changes it. */
class LiveConfigIT {
    private static final String CHANGED = "configuration changed";
    private static final String NEEDS_A_RESTART = "configuration needs a restart";

    @TempDir
    Path folder;

    private Path mount;
    private int version;

    @BeforeEach
    void mount() throws IOException {
        mount = Files.createDirectory(folder.resolve("etc"));
    }

    @Test
    void followsAConfigMapThroughItsSymlinks() throws Exception {
        publish("greeting.maxConnections: 2\nexchangeLog.maxPerSecond: 0\n");
        Files.createSymbolicLink(mount.resolve("greeter.yaml"), Path.of("..data", "greeter.yaml"));
        try (GreeterProcess greeter = serve(mount.resolve("greeter.yaml"))) {
            try (Socket open = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
                assertThat(greet(greeter)).isEqualTo("World");

                publish("greeting.maxConnections: 1\nexchangeLog.maxPerSecond: 10\n");
                await().until(() -> changes(greeter).size() == 2);
                assertThat(changes(greeter))
                        .containsExactly("greeting.maxConnections 2 1", "exchangeLog.maxPerSecond 0 10");
                assertThat(open.isConnected()).isTrue();
                assertThat(greet(greeter)).startsWith("Error busy ");
                // the log takes its limit from the next second on
                await().until(() -> greet(greeter).startsWith("Error busy ") && greeter.said("exchange"));
            }
            await().untilAsserted(() -> assertThat(greet(greeter)).isEqualTo("World"));
        }
    }

    @Test
    void hidesTheClientsOfExchangesThatAreShownAlready() throws Exception {
        Path file = Files.writeString(mount.resolve("greeter.yaml"), "exchanges.peers: masked\n");
        try (GreeterProcess greeter = serve(file)) {
            assertThat(greet(greeter)).isEqualTo("World");
            await().untilAsserted(() -> assertThat(exchanges(greeter)).contains("\"peer\":\"127.0.0.0/24\""));
            replace(file, "exchanges.peers: none\n");
            await().untilAsserted(() ->
                    assertThat(exchanges(greeter)).contains("\"octets\":5").doesNotContain("peer"));
            // for the one who looks for a cause
            assertThat(greeter.line("exchange").getString("peer")).startsWith("127.0.0.1:");
        }
    }

    private static String exchanges(GreeterProcess greeter) throws Exception {
        return greeter.get(greeter.httpPort(), "/exchanges").body();
    }

    @Test
    void tellsEachBadEditOnceAndGoesOn() throws Exception {
        Path file = Files.writeString(mount.resolve("greeter.yaml"), "exchangeLog.maxPerSecond: 5\n");
        try (GreeterProcess greeter = serve(file)) {
            replace(file, "exchangeLog:\n  maxPerSecond: lots\n");
            await().until(() -> refusals(greeter).size() == 1);
            Files.delete(file);
            await().until(() -> refusals(greeter).size() == 2);
            replace(file, "exchangeLog.maxPerSecond: 6\nhttp.host: 127.0.0.1\n");
            await().until(() -> greeter.said(CHANGED));
            replace(file, "exchangeLog.maxPerSecond: 7\nhttp.host: 127.0.0.1\nlog.level: warn\n");
            await().until(() -> changes(greeter).size() == 3);
            // quiet now: this exchange is counted and not logged, though there is room for it
            assertThat(greet(greeter)).isEqualTo("World");
            await().until(() -> greeter.totals("greeting").get("answered").equals(1));
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();

            assertThat(refusals(greeter))
                    .containsExactly(
                            "configuration stays as it was: " + file
                                    + ":2: exchangeLog.maxPerSecond is \"lots\", allowed: a whole number from 0 to 1000000",
                            "configuration stays as it was: command line --config: " + file
                                    + " cannot be read: there is no such file");
            assertThat(lines(greeter, NEEDS_A_RESTART))
                    .hasSize(1)
                    .first()
                    .satisfies(line -> assertThat(line.getMap())
                            .containsEntry("key", "http.host")
                            .containsEntry("old", "0.0.0.0")
                            .containsEntry("new", "127.0.0.1"));
            assertThat(changes(greeter))
                    .containsExactly(
                            "exchangeLog.maxPerSecond 5 6", "exchangeLog.maxPerSecond 6 7", "log.level info warn");
            assertThat(greeter.said("exchange")).isFalse();
        }
    }

    @Test
    void goesOnAsItWasWhileTheFileIsEmpty() throws Exception {
        Path file = Files.writeString(mount.resolve("greeter.yaml"), "greeting.maxConnections: 2\n");
        try (GreeterProcess greeter = serve(file)) {
            Files.writeString(file, "");
            await().until(() -> refusals(greeter).size() == 1);
            Files.writeString(file, "greeting.maxConnections: 3\n");
            await().until(() -> changes(greeter).size() == 1);
            Files.writeString(file, "{}\n");
            await().until(() -> changes(greeter).size() == 2);

            assertThat(changes(greeter))
                    .containsExactly("greeting.maxConnections 2 3", "greeting.maxConnections 3 10000");
            assertThat(refusals(greeter)).singleElement().asString().contains(" is empty");
            assertThat(watching(greeter)).isTrue();
        }
    }

    @Test
    void readsAPipeOnce() throws Exception {
        List<String> shell = List.of("bash", "-c", "exec \"$@\" --config <(echo greeting.maxConnections: 1)", "bash");
        try (GreeterProcess greeter = GreeterProcess.serveBy(shell, folder)) {
            try (Socket open = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
                // answered, so it has the only place
                open.getOutputStream().write("GREETING/2\n".getBytes(ISO_8859_1));
                assertThat(open.getInputStream().read()).isEqualTo('G');
                assertThat(greet(greeter)).startsWith("Error busy ");
            }
            assertThat(watching(greeter)).isFalse();
        }
    }

    private static boolean watching(GreeterProcess greeter) throws IOException {
        return greeter.proc().threads().keySet().stream().anyMatch(thread -> thread.startsWith("configuration"));
    }

    /** As the kubelet does: a folder with the time in its name, and a link to it that is renamed over the one before. */
    private void publish(String text) throws IOException {
        Path data = Files.createDirectory(mount.resolve("..2026_11_24_20_00_0" + version++));
        Files.writeString(data.resolve("greeter.yaml"), text);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), data.getFileName());
        Path current = mount.resolve("..data");
        Path before = Files.exists(current) ? mount.resolve(Files.readSymbolicLink(current)) : null;
        Files.move(link, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (before != null) {
            Files.delete(before.resolve("greeter.yaml"));
            Files.delete(before);
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Path whole = Files.writeString(file.resolveSibling("new.yaml"), text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private GreeterProcess serve(Path file) throws IOException {
        return GreeterProcess.serveFrom(file, folder);
    }

    private static List<JsonObject> lines(GreeterProcess greeter, String message) throws IOException {
        return greeter.lines().stream()
                .filter(line -> message.equals(line.getString("message")))
                .toList();
    }

    private static List<String> changes(GreeterProcess greeter) throws IOException {
        return lines(greeter, CHANGED).stream()
                .map(line -> line.getString("key") + " " + line.getString("old") + " " + line.getString("new"))
                .toList();
    }

    private static List<String> refusals(GreeterProcess greeter) throws IOException {
        return greeter.lines().stream()
                .filter(line -> "ERROR".equals(line.getString("level")))
                .map(line -> line.getString("message"))
                .toList();
    }

    private static String greet(GreeterProcess greeter) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
            socket.getOutputStream().write("Hello".getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}

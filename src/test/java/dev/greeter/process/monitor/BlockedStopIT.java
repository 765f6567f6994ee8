package dev.greeter.process.monitor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.jdi.ThreadReference;
import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar's stop while one of its event loops is blocked: a debugger stops its thread. */
class BlockedStopIT {
    private static final String LONG = "10m";

    @TempDir
    Path folder;

    /** Of each server and of the ledger. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void endsSoonAfterTheGracePeriodAndNamesTheLoop(int fromLast) throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serveInDebugger(
                        folder, "greeting.instances=1", "http.instances=1", "shutdown.grace=500ms");
                Debugger debugger = Debugger.attach(greeter)) {
            exchange(greeter);
            String blocked = block(debugger, fromLast);
            greeter.signal("TERM");
            assertStopped(greeter, blocked);
        }
    }

    @Test
    void endsByTheThirdSignal() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serveInDebugger(
                        folder,
                        "greeting.instances=1",
                        "http.instances=1",
                        "shutdown.delay=" + LONG,
                        "shutdown.grace=" + LONG);
                Debugger debugger = Debugger.attach(greeter)) {
            exchange(greeter);
            String blocked = block(debugger, 1);
            greeter.signal("TERM");
            await().until(() -> greeter.said("stopping"));
            greeter.signal("TERM");
            await().until(() -> greeter.said("SIGTERM ends the delay"));
            greeter.signal("TERM");
            assertStopped(greeter, blocked);
        }
    }

    /** The loops of the ledger, the greeting server and the HTTP server are the last three. */
    private static String block(Debugger debugger, int fromLast) {
        List<ThreadReference> loops = debugger.eventLoops();
        ThreadReference loop = loops.get(loops.size() - fromLast);
        loop.suspend();
        return loop.name();
    }

    private static void exchange(GreeterProcess greeter) throws Exception {
        assertThat(greet(greeter)).isEqualTo("World");
        assertThat(greeter.get(greeter.httpPort(), "/").statusCode()).isEqualTo(200);
        await().until(() -> answered(greeter, "greeting") == 1 && answered(greeter, "http") == 1);
    }

    private static int answered(GreeterProcess greeter, String protocol) throws Exception {
        return (int) greeter.totals(protocol).get("answered");
    }

    private static String greet(GreeterProcess greeter) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
            socket.getOutputStream().write("Hello".getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static void assertStopped(GreeterProcess greeter, String blocked) throws Exception {
        assertThat(greeter.exitCode()).as(greeter.output()).isEqualTo(3);
        assertThat(greeter.line("not stopped in time").getString("blocked")).isEqualTo(blocked);
        JsonObject stopped = greeter.line("stopped");
        assertThat(stopped.getLong("greeting.answered")).isEqualTo(1);
        assertThat(stopped.getLong("http.answered")).isEqualTo(1);
    }
}

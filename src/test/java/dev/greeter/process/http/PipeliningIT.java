package dev.greeter.process.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests in a pipeline, sent by a client that others wrote: undici, of Node.js. */
class PipeliningIT {
    /** A fourth of them for the page; more octets than the service reads at once. */
    private static final int REQUESTS = 2_000;

    @TempDir
    Path folder;

    @Test
    void answersEachRequestInItsOrder() throws Exception {
        int port = Machine.freePort();
        try (GreeterProcess greeter = GreeterProcess.run(
                folder, List.of("--port", "0", "--http-port", Integer.toString(port), "--management-port", "0"))) {
            greeter.awaitReady();
            try (GreeterProcess client =
                    NodeScript.start(folder, "pipelining.js", "http://127.0.0.1:" + port, Integer.toString(REQUESTS))) {
                assertThat(client.exitCode()).as(client.output()).isZero();
                assertThat(new JsonObject(client.output()))
                        .isEqualTo(new JsonObject().put("connections", 1).put("wrong", 0));
            }
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.line("stopped").getLong("http.answered")).isEqualTo(REQUESTS / 4);
        }
    }
}

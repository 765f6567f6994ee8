package dev.greeter.process.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bridge of the jar, used by Vert.x's own clients in Node.js, over the sockets of others. */
class EventBusClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "@vertx/eventbus-bridge-client.js, sockjs",
        "@vertx/eventbus-bridge-client.js, raw",
        "vertx3-eventbus-client,           sockjs",
    })
    void worksUnchanged(String client, String transport) throws Exception {
        int port = Machine.freePort();
        GreeterProcess greeter = serve(port);
        try (GreeterProcess page = NodeScript.start(
                folder, "event-bus-client.js", client, transport, "http://127.0.0.1:" + port + "/eventbus")) {
            greeter.get(port, "/");
            await().atMost(PATIENCE).until(() -> has(page, "waits for a restart"));
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            greeter = serve(port);
            assertThat(page.exitCode()).as(page.output()).isZero();

            assertIsStats(body(page, "stats"));
            assertThat(body(page, "recent"))
                    .isInstanceOfSatisfying(
                            JsonArray.class, recent -> assertThat(recent).hasSize(1));
            for (String kind : List.of("empty", "some")) {
                assertIsStats(body(page, "headers: " + kind));
            }
            for (String kind : List.of("a number", "an array", "a text", "nested", "an array inside", "null inside")) {
                assertThat(failure(page, "headers: " + kind).getString("message"))
                        .as(kind)
                        .isEqualTo("headers: allowed is an object of texts, numbers, true and false");
            }
            assertThat(failure(page, "wrong body"))
                    .isEqualTo(new JsonObject()
                            .put("failureCode", 400)
                            .put("failureType", "RECIPIENT_FAILURE")
                            .put("message", "stats query: scope is all; allowed is cluster or node"));
            assertThat(failure(page, "no such address"))
                    .isEqualTo(new JsonObject()
                            .put("failureCode", 403)
                            .put("failureType", "RECIPIENT_FAILURE")
                            .put("message", "access_denied"));
            assertIsStats(body(page, "no body"));
            assertIsStats(body(page, "updates"));
            assertThat(step(page, "unregistered").getInteger("late")).isZero();
            assertIsStats(body(page, "stats after the restart"));
            assertIsStats(body(page, "updates after the restart"));
        } finally {
            greeter.close();
        }
    }

    private GreeterProcess serve(int port) throws IOException {
        GreeterProcess greeter = GreeterProcess.run(
                folder, List.of("--port", "0", "--http-port", Integer.toString(port), "--management-port", "0"));
        greeter.awaitReady();
        return greeter;
    }

    private static void assertIsStats(Object body) {
        assertThat(body)
                .isInstanceOfSatisfying(
                        JsonObject.class,
                        stats -> assertThat(stats.fieldNames()).contains("totals", "nodes"));
    }

    private static boolean has(GreeterProcess page, String step) throws IOException {
        return steps(page).anyMatch(line -> line.getString("step").equals(step));
    }

    private static JsonObject step(GreeterProcess page, String step) throws IOException {
        return steps(page)
                .filter(line -> line.getString("step").equals(step))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + step));
    }

    private static Object body(GreeterProcess page, String step) throws IOException {
        return step(page, step).getValue("body");
    }

    private static JsonObject failure(GreeterProcess page, String step) throws IOException {
        return step(page, step).getJsonObject("failure");
    }

    private static Stream<JsonObject> steps(GreeterProcess page) throws IOException {
        return page.lines().stream();
    }
}

package dev.greeter.process.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar's bridge, asked by the jar's own command. */
class BridgeIT {
    @TempDir
    Path folder;

    @Test
    void tellsTheSameStatsAsHttp() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            greeter.get(greeter.httpPort(), "/");
            greeter.get(greeter.httpPort(), "/");
            try (GreeterProcess stats = GreeterProcess.run(
                    folder, List.of("stats", "127.0.0.1:" + greeter.httpPort(), "--over=event-bus", "--json"))) {
                assertThat(stats.exitCode()).as(stats.output()).isZero();
                JsonObject told = new JsonObject(stats.output());
                assertThat(told.getJsonObject("totals"))
                        .isEqualTo(greeter.stats().getJsonObject("totals"));
                assertThat(told.getJsonObject("totals").getJsonObject("http").getInteger("answered"))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void followsTheUpdatesUntilTheServiceStops() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder);
                GreeterProcess watch = GreeterProcess.run(
                        folder,
                        List.of("stats", "127.0.0.1:" + greeter.httpPort(), "--over=event-bus", "--json", "--watch"))) {
            await().until(() -> watch.lines().size() >= 2);
            greeter.signal("TERM");
            await().until(() -> watch.output().contains("closed before the next update"));
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.line("stopped").getInteger("cut")).isZero();
        }
    }
}

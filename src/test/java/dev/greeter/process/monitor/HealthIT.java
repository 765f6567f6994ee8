package dev.greeter.process.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.jdi.ThreadReference;
import dev.greeter.testing.GreeterProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the jar's probes say, and what they say when one of its event loops is blocked: a debugger stops its thread. */
class HealthIT {
    private static final String UP = "{\"id\":\"%s\",\"status\":\"UP\"}";

    @TempDir
    Path folder;

    @Test
    void livezFailsWhileTheEventLoopOfAnyServerOrOfTheLedgerIsBlocked() throws Exception {
        try (GreeterProcess greeter =
                        GreeterProcess.serveInDebugger(folder, "greeting.instances=2", "http.instances=1");
                Debugger debugger = Debugger.attach(greeter)) {
            List<ThreadReference> loops = debugger.eventLoops();
            for (ThreadReference loop : loops.subList(loops.size() - 4, loops.size())) {
                loop.suspend();
                await().until(() -> livez(greeter).statusCode() == 503);
                assertThat(livez(greeter).body())
                        .isEqualTo("{\"status\":\"DOWN\",\"checks\":[{\"id\":\"event-loop\",\"status\":\"DOWN\","
                                + "\"data\":{\"blocked\":[\"" + loop.name() + "\"]}}]}");
                loop.resume();
                await().until(() -> livez(greeter).statusCode() == 200);
            }
        }
    }

    private static HttpResponse<String> livez(GreeterProcess greeter) throws IOException, InterruptedException {
        return greeter.get(greeter.managementPort(), "/livez");
    }

    @Test
    void readyzAsksReadinessAndTheLedger() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            assertThat(greeter.get(greeter.managementPort(), "/readyz").body())
                    .isEqualTo("{\"status\":\"UP\",\"checks\":[" + UP.formatted("ready") + "," + UP.formatted("ledger")
                            + "]}");
            assertThat(greeter.get(greeter.managementPort(), "/startupz").body())
                    .isEqualTo("{\"status\":\"UP\",\"checks\":[" + UP.formatted("started") + "]}");
            assertThat(greeter.get(greeter.httpPort(), "/readyz").statusCode()).isEqualTo(404);
        }
    }
}

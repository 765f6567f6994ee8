package dev.greeter.http.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.http.TestServer;
import dev.greeter.testing.ProcFs;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take all connections of the management port, and keep each for as long as they may. */
class CrowdedTest {
    private static final int MAX_CONNECTIONS = 4;

    /** Their responses are more than the kernel holds of a connection. */
    private static final int PIPELINED = 50_000;

    private final TestServer server = TestServer.management(MAX_CONNECTIONS);

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /livez HTTP/1.1\r\nhost",
                "POST /livez HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5\r\n\r\nbody",
                "POST /faults HTTP/1.1\r\nhost: greeter\r\ntransfer-encoding: chunked\r\n\r\n5\r\nbo",
                "POST /nowhere HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n",
                "GET /livez HTTP/1.1\r\nhost: greeter\r\n\r\nGET /livez HTTP/1.1\r\n",
            })
    void doNotKeepAProbeFromItsAnswer(String begun) {
        assertAnswersBeside(() -> server.connect().send(begun));
    }

    @Test
    void doNotKeepAProbeFromItsAnswerByReadingNone() {
        String requests = "GET /nowhere HTTP/1.1\r\nhost: greeter\r\n\r\n".repeat(PIPELINED);
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            server.connect(2_048).sendInBackground(requests);
        }
        ProcFs kernel = new ProcFs(ProcessHandle.current().pid());
        AtomicReference<List<Integer>> before = new AtomicReference<>(List.of());
        await().until(() -> {
            List<Integer> now = kernel.unsent(server.port());
            return now.size() == MAX_CONNECTIONS && now.equals(before.getAndSet(now));
        });

        assertProbe();
    }

    /** Those that had to go for a probe come again, and the others get to where they stay. */
    private void assertAnswersBeside(Runnable client) {
        for (int probe = 0; probe < 5 * MAX_CONNECTIONS; probe++) {
            for (int i = 0; i < MAX_CONNECTIONS; i++) {
                client.run();
            }
            assertProbe();
        }
    }

    private void assertProbe() {
        assertThat(server.connect().get("/livez", "connection: close").toEnd()).startsWith("HTTP/1.1 200 ");
    }
}

package dev.greeter.http.bridge;

import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Addresses;
import dev.greeter.http.QuietLog;
import dev.greeter.http.TestServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** One server for all tests of a class, which are many and short, and which log at debug only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class QuietBridge {
    final TestServer server = TestServer.web();

    private QuietLog log;

    QuietBridge() {
        server.changeLimit(100);
        server.vertx.eventBus().consumer(Addresses.STATS, message -> message.reply(new JsonObject()));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void listen() {
        log = QuietLog.listen();
    }

    @AfterEach
    void logsAtDebugOnly() {
        server.disconnect();
        log.close();
        log.assertQuiet();
    }

    WebSocketPeer open(String path) {
        // the connection of the test before may count for another moment
        return await().ignoreExceptionsMatching(AssertionError.class::isInstance)
                .until(() -> WebSocketPeer.open(server.connect(), path), peer -> true);
    }
}

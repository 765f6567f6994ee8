package dev.greeter.http.bridge;

import dev.greeter.bus.Addresses;
import dev.greeter.http.TestServer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;

/** A server for each test, on whose event bus queries are answered by what they ask. */
abstract class ServedBridge {
    final TestServer server;
    final MessageConsumer<Object> stats;
    final MessageConsumer<Object> recent;

    ServedBridge() {
        this(TestServer.web());
    }

    ServedBridge(TestServer server) {
        this.server = server;
        stats = answer(Addresses.STATS);
        recent = answer(Addresses.RECENT);
    }

    private MessageConsumer<Object> answer(String address) {
        return server.vertx
                .eventBus()
                .consumer(address, message -> message.reply(new JsonObject().put(address, message.body())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    WebSocketPeer open(String path) {
        return WebSocketPeer.open(server.connect(), path);
    }
}

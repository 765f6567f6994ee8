package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.LedgerClient;
import dev.greeter.net.LoopClock;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a cluster that does not answer does to a client, which no event bus of one node shows. */
class BridgeConnectionTest {
    private static final String REGISTER = "{\"type\":\"register\",\"address\":\"greeter.stats.updates\"}";

    private final List<String> sent = new ArrayList<>();
    private Handler<String> client = text -> {};
    private Future<Void> registration = Future.failedFuture("the cluster does not answer");
    private int unregistered;

    @Test
    void aClientMayRegisterAgainAfterARegistrationThatFailed() {
        open();
        client.handle(REGISTER);
        assertThat(sent).containsExactly("{\"type\":\"err\",\"body\":\"registration_failure\"}");
        assertThat(unregistered).isEqualTo(1);
        registration = Future.succeededFuture();
        client.handle(REGISTER);
        assertThat(sent).hasSize(1);
        client.handle(REGISTER);
        assertThat(sent).last().isEqualTo("{\"type\":\"err\",\"body\":\"address_already_registered\"}");
    }

    private void open() {
        EventBus bus = fake(EventBus.class, (self, method, arguments) -> consumer());
        Vertx vertx = fake(Vertx.class, (self, method, arguments) -> bus);
        LoopClock clock = new LoopClock();
        WebSocketGuard guard = new WebSocketGuard(10, clock);
        new BridgeConnection(vertx, socket(), BridgeFraming.RAW, guard, new LedgerClient(bus), clock).open();
    }

    private MessageConsumer<?> consumer() {
        Future<Void> completion = registration;
        return fake(MessageConsumer.class, (self, method, arguments) -> {
            unregistered += method.getName().equals("unregister") ? 1 : 0;
            return method.getName().equals("completion") ? completion : Future.succeededFuture();
        });
    }

    @SuppressWarnings("unchecked")
    private ServerWebSocket socket() {
        return fake(ServerWebSocket.class, (self, method, arguments) -> {
            switch (method.getName()) {
                case "textMessageHandler" -> client = (Handler<String>) arguments[0];
                case "writeBinaryMessage" -> sent.add(((Buffer) arguments[0]).toString());
                default -> {}
            }
            return method.getReturnType().equals(Future.class) ? Future.succeededFuture() : self;
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}

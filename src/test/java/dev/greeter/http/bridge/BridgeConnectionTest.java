package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.LedgerClient;
import dev.greeter.net.LoopClock;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a cluster and a ledger that do not answer do to a client, which no event bus of one node shows. */
class BridgeConnectionTest {
    private static final String REGISTER = "{\"type\":\"register\",\"address\":\"greeter.stats.updates\"}";

    private final List<String> sent = new ArrayList<>();
    private final List<Promise<Message<Object>>> asked = new ArrayList<>();
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

    @Test
    void asksOneQueryAtATimeAndLetsFewWait() {
        open();
        int waiting = 64;
        for (int i = 1; i <= 1 + waiting; i++) {
            client.handle(query(i));
        }
        assertThat(asked).hasSize(1);
        assertThat(sent).isEmpty();
        client.handle(query(999));
        assertThat(sent)
                .containsExactly(
                        "{\"type\":\"err\",\"address\":\"r999\",\"failureCode\":-1,\"failureType\":\"TIMEOUT\","
                                + "\"message\":\"too many queries wait\"}");
        sent.clear();
        asked.get(0).complete(message("first"));
        assertThat(sent).containsExactly("{\"type\":\"rec\",\"address\":\"r1\",\"body\":\"first\"}");
        assertThat(asked).hasSize(2);
        for (int i = 1; i <= waiting; i++) {
            asked.get(i).complete(message("next"));
        }
        assertThat(sent).hasSize(1 + waiting).last().asString().contains("r" + (1 + waiting));
    }

    private static String query(int limit) {
        return "{\"type\":\"send\",\"address\":\"greeter.exchanges.recent\",\"replyAddress\":\"r%1$d\",\"body\":{\"limit\":%1$d}}"
                .formatted(limit);
    }

    @SuppressWarnings("unchecked")
    private static Message<Object> message(String body) {
        return fake(Message.class, (self, method, arguments) -> body);
    }

    private Future<Message<Object>> asked() {
        Promise<Message<Object>> reply = Promise.promise();
        asked.add(reply);
        return reply.future();
    }

    private void open() {
        EventBus bus = fake(
                EventBus.class, (self, method, arguments) -> method.getName().equals("request") ? asked() : consumer());
        Vertx vertx = fake(Vertx.class, (self, method, arguments) -> bus);
        LoopClock clock = new LoopClock();
        WebSocketGuard guard = new WebSocketGuard(100, clock);
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

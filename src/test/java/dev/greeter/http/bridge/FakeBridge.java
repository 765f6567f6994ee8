package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.LedgerClient;
import dev.greeter.json.JsonText;
import dev.greeter.net.LoopClock;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** Connections of the bridge without an event bus, a clock, or sockets: each step is the test's. */
abstract class FakeBridge {
    static final String REGISTER = "{\"type\":\"register\",\"address\":\"greeter.stats.updates\"}";

    private static final JsonObject BODY = new JsonObject().put("number", 1);

    final List<String> sent = new ArrayList<>();
    final List<Promise<Message<Object>>> asked = new ArrayList<>();
    Handler<String> client = text -> {};
    private Handler<Message<Object>> subscriber = update -> {};
    WebSocketGuard guard = new WebSocketGuard(10, new LoopClock());
    EmbeddedChannel channel = new EmbeddedChannel();
    /** Runs within each write. */
    Runnable writing = () -> {};

    long nanos;
    boolean isClosed;
    boolean paused;
    Future<Void> registration = Future.failedFuture("the cluster does not answer");
    int registered;
    int unregistered;

    private final EventBus bus = fake(EventBus.class, (self, method, arguments) -> called(method, arguments[1]));
    final UnsentText unsent = new UnsentText(4L * BODY.encode().length());
    final Updates updates = new Updates(fake(Vertx.class, (self, method, arguments) -> bus));

    void assertHasRoomForTwo() {
        assertThat(unsent.keep(JsonText.of(BODY), BridgeFraming.RAW)).isTrue();
        assertThat(unsent.keep(JsonText.of(BODY), BridgeFraming.RAW)).isTrue();
    }

    void query(int limit) {
        client.handle(ask(limit));
    }

    static String ask(int limit) {
        return "{\"type\":\"send\",\"address\":\"greeter.exchanges.recent\",\"body\":{\"limit\":" + limit
                + "},\"replyAddress\":\"mine\"}";
    }

    void reply() {
        asked.remove(0).complete(message());
    }

    void publish() {
        subscriber.handle(message());
    }

    @SuppressWarnings("unchecked") // a message has any body
    private static Message<Object> message() {
        return fake(Message.class, (self, method, arguments) -> BODY);
    }

    /** Whether the channel of the client that was opened last has as much as it takes. */
    void fill(boolean full) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, !full);
        channel.runPendingTasks();
    }

    BridgeConnection open() {
        return open(BridgeFraming.RAW);
    }

    BridgeConnection open(BridgeFraming framing) {
        LoopClock clock = new LoopClock();
        guard = new WebSocketGuard(10, clock, () -> nanos);
        channel = new EmbeddedChannel(guard);
        BridgeConnection opened =
                new BridgeConnection(socket(), framing, guard, new LedgerClient(bus), updates, unsent, clock);
        guard.onChange(opened::proceed);
        opened.open();
        sent.remove("o");
        return opened;
    }

    private Object called(Method method, Object second) {
        return method.getName().equals("request") ? request() : consumer(second);
    }

    private Future<Message<Object>> request() {
        if (isClosed) {
            throw new IllegalStateException("closed");
        }
        asked.add(Promise.promise());
        return asked.get(asked.size() - 1).future();
    }

    @SuppressWarnings("unchecked") // the handler's type is that of the interface
    private MessageConsumer<?> consumer(Object handler) {
        subscriber = (Handler<Message<Object>>) handler;
        registered++;
        Future<Void> completion = registration;
        return fake(MessageConsumer.class, (self, method, arguments) -> {
            unregistered += method.getName().equals("unregister") ? 1 : 0;
            return method.getName().equals("completion") ? completion : Future.succeededFuture();
        });
    }

    @SuppressWarnings("unchecked") // the handlers' types are those of the interface
    private ServerWebSocket socket() {
        return fake(ServerWebSocket.class, (self, method, arguments) -> {
            switch (method.getName()) {
                case "textMessageHandler" -> client = (Handler<String>) arguments[0];
                case "writeBinaryMessage", "writeTextMessage" -> {
                    sent.add(arguments[0].toString());
                    writing.run();
                }
                case "pause" -> paused = true;
                case "resume" -> paused = false;
                case "isClosed" -> {
                    return false;
                }
                default -> {}
            }
            return method.getReturnType().equals(Future.class) ? Future.succeededFuture() : self;
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}

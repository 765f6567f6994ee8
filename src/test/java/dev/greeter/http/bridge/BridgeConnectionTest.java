package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.LedgerClient;
import dev.greeter.json.JsonText;
import dev.greeter.net.LoopClock;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a cluster that does not answer, or a client that does not read, does: in steps that no event bus and no socket has. */
class BridgeConnectionTest {
    private static final String REGISTER = "{\"type\":\"register\",\"address\":\"greeter.stats.updates\"}";

    private static final JsonObject BODY = new JsonObject().put("number", 1);

    private final List<String> sent = new ArrayList<>();
    private final List<Promise<Message<Object>>> asked = new ArrayList<>();
    private Handler<String> client = text -> {};
    private Handler<Message<Object>> subscriber = update -> {};
    private WebSocketGuard guard = new WebSocketGuard(10, new LoopClock());
    private EmbeddedChannel channel = new EmbeddedChannel();
    /** Runs within each write. */
    private Runnable writing = () -> {};

    private long nanos;
    private boolean isClosed;
    private boolean paused;
    private Future<Void> registration = Future.failedFuture("the cluster does not answer");
    private int registered;
    private int unregistered;

    private final EventBus bus = fake(
            EventBus.class, (self, method, arguments) -> method.getName().equals("request") ? request() : consumer(arguments[1]));
    private final UnsentText unsent = new UnsentText(4L * BODY.encode().length());
    private final Updates updates = new Updates(fake(Vertx.class, (self, method, arguments) -> bus));

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
    void clientsShareAConsumerUntilTheLastOneGoes() {
        registration = Future.succeededFuture();
        BridgeConnection first = open();
        client.handle(REGISTER);
        BridgeConnection second = open();
        client.handle(REGISTER);
        updates.remove(first);
        updates.remove(first);
        assertThat(unregistered).isZero();
        updates.remove(second);
        assertThat(unregistered).isEqualTo(1);
        client.handle(REGISTER);
        assertThat(registered).isEqualTo(2);
        assertThat(sent).isEmpty();
    }

    @Test
    void aRegistrationThatFailsIsToldToAllWhoWaitForIt() {
        Promise<Void> later = Promise.promise();
        registration = later.future();
        open();
        client.handle(REGISTER);
        open();
        client.handle(REGISTER);
        assertThat(sent).isEmpty();
        later.fail("the cluster does not answer");
        assertThat(sent).hasSize(2).containsOnly("{\"type\":\"err\",\"body\":\"registration_failure\"}");
    }

    /** All ask the same, so that half of them share the answer to a query that begins after the first one's. */
    @Test
    void fewQueriesOfAClientAreUnderWayAtATime() {
        open();
        IntStream.range(0, 3 * BridgeConnection.MAX_QUERIES).forEach(number -> query(50));
        assertThat(paused).isTrue();
        for (int round = 1; round <= 3; round++) {
            reply();
            reply();
            assertThat(sent).hasSize(round * BridgeConnection.MAX_QUERIES);
        }
        assertThat(asked).isEmpty();
        assertThat(paused).isFalse();
    }

    @Test
    void noQueryBeginsWhileTheClientDoesNotReadReplies() {
        open();
        IntStream.range(0, 2 * BridgeConnection.MAX_QUERIES).forEach(number -> query(50));
        fill(true);
        reply();
        reply();
        assertThat(asked).isEmpty();
        assertThat(sent).isEmpty();
        assertThat(paused).isTrue();
        fill(false);
        assertThat(sent).hasSize(BridgeConnection.MAX_QUERIES);
        reply();
        reply();
        assertThat(sent).hasSize(2 * BridgeConnection.MAX_QUERIES);
        assertThat(paused).isFalse();
    }

    /** Whatever Vert.x's own queue has room for, which counts frames and not their octets. */
    @Test
    void oneReplyIsWrittenWhenItFillsTheChannel() {
        open();
        IntStream.rangeClosed(1, 2).forEach(this::query);
        writing = () -> fill(true);
        reply();
        reply();
        assertThat(sent).hasSize(1);
        assertThat(paused).isTrue();
        fill(false);
        assertThat(sent).hasSize(2);
    }

    @Test
    void updatesAreSkippedWhileTheChannelIsFull() {
        registration = Future.succeededFuture();
        open();
        client.handle(REGISTER);
        publish();
        fill(true);
        publish();
        assertThat(sent).hasSize(1);
        fill(false);
        publish();
        assertThat(sent).hasSize(2);
    }

    /** The client sends nine tenths of what it may, two messages in each frame of SockJS. */
    @ParameterizedTest
    @EnumSource(BridgeFraming.class)
    void whatAClientSendsWhileItIsNotReadMayComeAtOnce(BridgeFraming framing) {
        open(framing);
        frame(framing);
        fill(true);
        frame(framing);
        assertThat(paused).isTrue();
        int frames = (framing == BridgeFraming.SOCKJS ? 9 : 18) * 5;
        nanos += Duration.ofSeconds(10).toNanos();
        IntStream.range(0, frames).forEach(number -> channel.writeInbound(new PongWebSocketFrame()));
        fill(false);
        IntStream.range(0, frames).forEach(number -> frame(framing));
        assertThat(paused).isFalse();
        assertThat(channel.outboundMessages()).isEmpty();
        channel.releaseInbound();
    }

    /** Handles a frame that the guard has counted. */
    private void frame(BridgeFraming framing) {
        String ping = "{\"type\":\"ping\"}";
        client.handle(framing == BridgeFraming.SOCKJS ? new JsonArray(List.of(ping, ping)).encode() : ping);
    }

    /** Its errors would be kept for it. */
    @Test
    void readsNothingMoreOfAClientThatDoesNotReadErrors() {
        open();
        writing = () -> fill(true);
        client.handle("x");
        assertThat(sent).hasSize(1);
        assertThat(paused).isTrue();
        fill(false);
        assertThat(paused).isFalse();
    }

    /** So that the client's close frame is read, which may be behind its queries. */
    @Test
    void aClientThatHasToGoIsReadOn() {
        registration = Future.succeededFuture();
        open();
        client.handle(REGISTER);
        IntStream.rangeClosed(1, 10).forEach(this::query);
        fill(true);
        reply();
        assertThat(paused).isTrue();
        guard.drain();
        assertThat(paused).isFalse();
        assertThat(unregistered).isEqualTo(1);
        client.handle(ask(50));
        fill(false);
        reply();
        assertThat(sent).isEmpty();
        assertThat(paused).isFalse();
        assertHasRoomForTwo();
    }

    /** There is room for two bodies here, and each of these has its own. */
    @Test
    void repliesWaitForTheirClientsWhileThereIsRoom() {
        BridgeConnection first = open();
        IntStream.rangeClosed(1, 3).forEach(this::query);
        fill(true);
        reply();
        reply();
        assertThat(sent).isEmpty();
        reply();
        assertThat(sent).hasSize(1).allMatch(reply -> reply.contains("Too many responses wait"));
        first.closed();
        fill(false);
        open();
        IntStream.rangeClosed(1, 2).forEach(this::query);
        fill(true);
        reply();
        reply();
        assertThat(sent).hasSize(1);
        fill(false);
        assertThat(sent).hasSize(3);
    }

    /** The channel closes before the socket does. */
    @Test
    void nothingIsKeptForAClientThatHasGone() {
        BridgeConnection gone = open();
        IntStream.rangeClosed(1, 2).forEach(this::query);
        gone.closed();
        fill(true);
        reply();
        reply();
        client.handle(REGISTER);
        assertThat(registered).isZero();
        assertHasRoomForTwo();
        assertThat(sent).isEmpty();
    }

    private void assertHasRoomForTwo() {
        assertThat(unsent.keep(JsonText.of(BODY), BridgeFraming.RAW)).isTrue();
        assertThat(unsent.keep(JsonText.of(BODY), BridgeFraming.RAW)).isTrue();
    }

    /** The kernel refuses to take what is written for a peer that has reset the connection, which closes the channel. */
    @Test
    void nothingIsDoneForAClientThatGoesWhileItsMessagesAreHandled() {
        BridgeConnection going = open(BridgeFraming.SOCKJS);
        writing = going::closed;
        client.handle(new JsonArray(List.of("x", REGISTER, ask(50), "x")).encode());
        assertThat(registered).isZero();
        assertThat(asked).isEmpty();
        assertThat(sent).hasSize(1);
        assertThat(paused).isFalse();
    }

    @Test
    void asksAndSendsNothingMoreOnceAReplyHasClosedTheConnection() {
        BridgeConnection going = open();
        IntStream.rangeClosed(1, BridgeConnection.MAX_QUERIES + 1).forEach(number -> query(50));
        assertThat(paused).isTrue();
        writing = going::closed;
        reply();
        assertThat(sent).hasSize(1);
        assertThat(asked).hasSize(1);
        assertThat(paused).isFalse();
        reply();
        assertThat(sent).hasSize(1);
        assertThat(asked).isEmpty();
    }

    @Test
    void givesBackAllRepliesWhenOneThatHasWaitedClosesTheConnection() {
        BridgeConnection going = open();
        IntStream.rangeClosed(1, 2).forEach(this::query);
        fill(true);
        reply();
        reply();
        writing = going::closed;
        fill(false);
        assertThat(sent).hasSize(1);
        assertHasRoomForTwo();
    }

    @Test
    void readsOnWhenItIsClosedSoThatVertxKeepsNothing() {
        BridgeConnection gone = open();
        IntStream.rangeClosed(1, BridgeConnection.MAX_QUERIES + 1).forEach(this::query);
        assertThat(paused).isTrue();
        gone.closed();
        assertThat(paused).isFalse();
    }

    @Test
    void readsOnAfterManyQueriesThatFailAtOnce() {
        open();
        fill(true);
        IntStream.range(0, 20_000).forEach(number -> query(50));
        assertThat(sent).isEmpty();
        isClosed = true;
        fill(false);
        assertThat(sent).hasSize(20_000).allMatch(reply -> reply.contains("\"message\":\"closed\""));
        assertThat(paused).isFalse();
    }

    private void query(int limit) {
        client.handle(ask(limit));
    }

    private static String ask(int limit) {
        return "{\"type\":\"send\",\"address\":\"greeter.exchanges.recent\",\"body\":{\"limit\":" + limit
                + "},\"replyAddress\":\"mine\"}";
    }

    private void reply() {
        asked.remove(0).complete(message());
    }

    private void publish() {
        subscriber.handle(message());
    }

    @SuppressWarnings("unchecked") // a message has any body
    private static Message<Object> message() {
        return fake(Message.class, (self, method, arguments) -> BODY);
    }

    /** Whether the channel of the client that was opened last has as much as it takes. */
    private void fill(boolean full) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, !full);
        channel.runPendingTasks();
    }

    private BridgeConnection open() {
        return open(BridgeFraming.RAW);
    }

    private BridgeConnection open(BridgeFraming framing) {
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

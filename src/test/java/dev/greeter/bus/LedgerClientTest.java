package dev.greeter.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many who ask a ledger that answers when it is told. */
class LedgerClientTest {
    private static final String ADDRESS = "ledger";

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final LedgerClient client = new LedgerClient(vertx.eventBus(), Duration.ofMinutes(1));
    private final Queue<Message<Object>> queries = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listen() {
        vertx.eventBus().consumer(ADDRESS, queries::add).completion().await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private <T> Future<T> inContext(Supplier<Future<T>> asks) {
        Promise<T> answer = Promise.promise();
        context.runOnContext(turn -> asks.get().onComplete(answer));
        return answer.future();
    }

    /** An event bus whose replies come when they are told. */
    private static final class Cluster {
        private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
        private final EventBus bus = (EventBus) Proxy.newProxyInstance(
                EventBus.class.getClassLoader(),
                new Class<?>[] {EventBus.class},
                (self, method, arguments) -> ask(arguments[1], (DeliveryOptions) arguments[2]));

        private Future<Object> ask(Object query, DeliveryOptions options) {
            Promise<Object> reply = Promise.promise();
            asked.add(new Asked((options.isLocalOnly() ? "own " : "any ") + query, reply));
            return reply.future();
        }

        private void fail(ReplyFailure failure) {
            asked.remove().reply().fail(new ReplyException(failure));
        }
    }

    private record Asked(String query, Promise<Object> reply) {}

    private List<Future<Object>> ask(int times, Object query) {
        return Stream.generate(() -> inContext(() -> client.ask(ADDRESS, query)))
                .limit(times)
                .toList();
    }

    private void answer(Object answer) {
        await().until(() -> !queries.isEmpty());
        queries.remove().reply(answer);
    }

    @Test
    void asksOnceForAllWhoAskWhileAQueryIsUnderWay() {
        Future<Object> first = ask(1, "all").get(0);
        List<Future<Object>> others = ask(100, "all");
        answer("before they asked");
        assertThat(first.await()).isEqualTo("before they asked");
        answer("after");
        assertThat(others).allSatisfy(other -> assertThat(other.await()).isEqualTo("after"));
        Future<Object> later = ask(1, "all").get(0);
        answer("much later");
        assertThat(later.await()).isEqualTo("much later");
    }

    @Test
    void sharesTheTextOfTheAnswer() {
        Future<?> first = inContext(() -> client.askForJson(ADDRESS, "all"));
        List<Future<Object>> others = Stream.generate(
                        () -> inContext(() -> client.askForJson(ADDRESS, "all").<Object>map(text -> text)))
                .limit(2)
                .toList();
        answer(new JsonObject());
        assertThat(first.await()).hasToString("{}");
        answer(new JsonObject().put("a", 1));
        assertThat(others.get(0).await())
                .hasToString("{\"a\":1}")
                .isSameAs(others.get(1).await());
    }

    @Test
    void asksTheNextInTheirOrderWhenOneIsAnswered() {
        List<Future<Object>> asked = IntStream.range(0, 2 * LedgerClient.MAX_QUERIES)
                .mapToObj(i -> ask(1, i).get(0))
                .toList();
        List<Future<Object>> again = ask(2, 0);
        for (int number : List.of(0, 1, 2, 3, 4, 5, 6, 7, 0)) {
            await().until(() -> !queries.isEmpty());
            assertThat(queries).hasSizeLessThanOrEqualTo(LedgerClient.MAX_QUERIES);
            assertThat(queries.element().body()).isEqualTo(number);
            queries.remove().reply("answer " + number);
        }
        assertThat(asked).last().satisfies(last -> assertThat(last.await()).isEqualTo("answer 7"));
        assertThat(again).allSatisfy(other -> assertThat(other.await()).isEqualTo("answer 0"));
    }

    @Test
    void answersEachAskerOnItsOwnContext() {
        Future<Object> first = ask(1, "all").get(0);
        await().until(() -> queries.size() == 1);
        List<Context> contexts = Stream.generate(((VertxInternal) vertx)::createEventLoopContext)
                .limit(3)
                .<Context>map(created -> created)
                .toList();
        Queue<Context> answered = new ConcurrentLinkedQueue<>();
        CountDownLatch asked = new CountDownLatch(contexts.size());
        contexts.forEach(own -> own.runOnContext(turn -> {
            client.ask(ADDRESS, "all").onSuccess(answer -> answered.add(Vertx.currentContext()));
            asked.countDown();
        }));
        await().until(() -> asked.getCount() == 0);
        answer("before they asked");
        answer("after");
        await().until(() -> answered.size() == contexts.size());
        assertThat(answered).containsExactlyInAnyOrderElementsOf(contexts);
        assertThat(queries).isEmpty();
        assertThat(first.await()).isEqualTo("before they asked");
    }

    /** It still has them in its queue, and what comes behind them would wait for them. */
    @Test
    void asksALedgerThatIsLateForNothingMoreUntilItAnswers() {
        LedgerClient impatient = new LedgerClient(vertx.eventBus(), Duration.ofSeconds(1));
        List<Future<Object>> asked = IntStream.range(0, LedgerClient.MAX_QUERIES)
                .mapToObj(i -> inContext(() -> impatient.ask(ADDRESS, i)))
                .toList();
        assertThat(asked)
                .allSatisfy(late -> assertThat(failure(late))
                        .matches(LedgerClient::isAway)
                        .matches(failure -> !LedgerClient.isBusy(failure)));
        Future<Object> next = inContext(() -> impatient.ask(ADDRESS, "next"));
        assertThat(queries).extracting(Message::body).containsExactlyInAnyOrder(0, 1, 2, 3);
        answer("too late");
        await().until(() -> queries.size() == LedgerClient.MAX_QUERIES);
        queries.forEach(query -> query.reply("answer to " + query.body()));
        assertThat(next.await()).isEqualTo("answer to next");
    }

    @Test
    void failsThoseWhoWaitForTooLongWithoutAskingForThem() {
        LedgerClient impatient = new LedgerClient(vertx.eventBus(), Duration.ofMillis(1));
        List<Future<Object>> asked = inContext(() -> Future.succeededFuture(IntStream.range(0, 100)
                        .mapToObj(i -> impatient.ask(ADDRESS, i))
                        .toList()))
                .await();
        assertThat(asked)
                .allSatisfy(unanswered -> assertThat(failure(unanswered)).matches(LedgerClient::isAway));
        assertThat(asked)
                .filteredOn(unanswered -> LedgerClient.isBusy(unanswered.cause()))
                .hasSizeGreaterThanOrEqualTo(100 - queries.size());
        assertThat(queries).hasSizeLessThan(100);
    }

    /** A node of the cluster that stands still takes no place of those who ask this node's ledger. */
    @Test
    void doesNotWaitForTheClusterToAskItsOwnLedger() {
        Cluster cluster = new Cluster();
        LedgerClient asking = new LedgerClient(cluster.bus, Duration.ofMinutes(1));
        IntStream.range(0, LedgerClient.MAX_QUERIES).forEach(i -> asking.askInTurnForJson(ADDRESS, i));
        asking.askForJson(ADDRESS, "one");
        asking.askInTurnForJson(ADDRESS, "another");
        assertThat(cluster.asked)
                .extracting(Asked::query)
                .containsExactly("any 0", "any 1", "any 2", "any 3", "own one", "own another");
    }

    @Test
    void asksItsOwnLedgerForAWhileAfterANodeThatDoesNotAnswer() {
        Cluster cluster = new Cluster();
        LedgerClient asking = new LedgerClient(cluster.bus, Duration.ofMinutes(1));
        asking.askInTurnForJson(ADDRESS, 1);
        cluster.fail(ReplyFailure.NO_HANDLERS);
        asking.askInTurnForJson(ADDRESS, 2);
        assertThat(cluster.asked).extracting(Asked::query).containsExactly("own 1", "any 2");
        cluster.asked.remove().reply().tryFail("no");
        cluster.fail(ReplyFailure.TIMEOUT);
        asking.askInTurnForJson(ADDRESS, 3);
        assertThat(cluster.asked).extracting(Asked::query).containsExactly("own 2", "own 3");
    }

    @Test
    void asksTheClusterAgainAfterThat() {
        Cluster cluster = new Cluster();
        LedgerClient asking = new LedgerClient(cluster.bus, Duration.ofMillis(1));
        asking.askInTurnForJson(ADDRESS, 1);
        cluster.fail(ReplyFailure.TIMEOUT);
        await().until(() -> {
            asking.askInTurnForJson(ADDRESS, 2);
            return cluster.asked.stream().anyMatch(asked -> asked.query().equals("any 2"));
        });
    }

    @Test
    void failsManyThatTheEventBusDoesNotTake() {
        List<Future<Object>> waiting = inContext(() -> {
                    IntStream.range(0, LedgerClient.MAX_QUERIES).forEach(i -> client.ask(ADDRESS, i));
                    return Future.succeededFuture(Stream.generate(() -> client.ask(ADDRESS, new Object()))
                            .limit(10_000)
                            .toList());
                })
                .await();
        answer("anything");
        failure(waiting.get(waiting.size() - 1));
        assertThat(waiting)
                .allSatisfy(refused -> assertThat(refused.cause()).isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void goesOnAfterAFailure() {
        Future<Object> first = ask(1, "all").get(0);
        Future<Object> second = ask(1, "all").get(0);
        await().until(() -> queries.size() == 1);
        queries.remove().fail(7, "no");
        assertThat(failure(first)).hasMessage("no");
        answer("yes");
        assertThat(second.await()).isEqualTo("yes");
    }

    @Test
    void failsEachTimeForWhatTheEventBusDoesNotTake() {
        Object withoutCodec = new Object();
        assertThat(failure(ask(1, withoutCodec).get(0))).isInstanceOf(IllegalArgumentException.class);
        assertThat(failure(ask(1, withoutCodec).get(0))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Throwable failure(Future<?> future) {
        await().until(future::isComplete);
        return future.cause();
    }
}

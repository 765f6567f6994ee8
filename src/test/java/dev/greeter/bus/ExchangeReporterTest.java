package dev.greeter.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.ledger.Exchanges;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ExchangeReporterTest {
    private static final Exchange EXCHANGE = Exchanges.greeting(Outcome.ANSWERED, 1);

    private final List<ExchangeBatch> received = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Context context;
    private ExchangeReporter reporter;

    @BeforeEach
    void register(Vertx vertx) {
        this.vertx = vertx;
        context = vertx.getOrCreateContext();
        reporter = new ExchangeReporter(vertx, Protocol.GREETING);
        LocalCodec.register(vertx.eventBus());
    }

    @Test
    void sendsABatchAgainUntilItIsAcknowledged() {
        // the first is taken without a word, the second refused
        MessageConsumer<ExchangeBatch> ledger = vertx.eventBus().localConsumer(Addresses.EXCHANGES);
        ledger.handler(message -> {
            received.add(message.body());
            if (received.size() == 2) {
                message.fail(500, "not now");
            } else if (received.size() > 2) {
                message.reply(null);
            }
        });
        onContext(() -> report(3));
        onContext(reporter::close).await();
        assertThat(received).hasSize(3).allSatisfy(batch -> assertThat(batch).isEqualTo(received.get(0)));
        assertThat(received.get(0).exchanges()).hasSize(3);
        assertThat(received.get(0).sequence()).isEqualTo(1);
    }

    @Test
    void sendsOneBatchAtATimeAndCountsThemUp() {
        acknowledge();
        for (int i = 0; i < 200; i++) {
            onContext(() -> report(10));
        }
        onContext(reporter::close).await();
        assertThat(received.stream().mapToInt(batch -> batch.exchanges().size()).sum())
                .isEqualTo(2_000);
        assertThat(received).extracting(ExchangeBatch::sequence).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void isFullWithoutALedgerAndHasRoomWithOne() {
        Promise<Void> room = Promise.promise();
        onContext(() -> report(1));
        await().until(() ->
                !onContext(() -> Future.succeededFuture(reporter.isFull())).await());
        onContext(() -> {
            report(ExchangeReporter.CAPACITY);
            // what is in flight left room for as many again
            assertThat(reporter.isFull()).isTrue();
            reporter.whenRoom(room::complete);
            return Future.succeededFuture();
        });
        assertThat(room.future().isComplete()).isFalse();
        acknowledge();
        room.future().await();
    }

    @Test
    void tellsConnectionsWithoutAnyExchange() {
        acknowledge();
        onContext(() -> {
            reporter.connections(7);
            reporter.drained();
            reporter.cut();
            return Future.succeededFuture();
        });
        await().untilAsserted(() -> assertThat(received)
                .last()
                .isEqualTo(new ExchangeBatch(received.get(0).source(), 1, Protocol.GREETING, 7, 1, 1, List.of())));
    }

    @Test
    void givesUpAtTheEndIfThereIsNoLedgerAndSaysHowManyWereNotCounted() {
        onContext(() -> report(3));
        Future<Void> closed = onContext(reporter::close);
        await().until(closed::isComplete);
        assertThat(closed.cause()).hasMessage("3 exchanges were not counted: no ledger acknowledged them");
    }

    private void acknowledge() {
        MessageConsumer<ExchangeBatch> ledger = vertx.eventBus().localConsumer(Addresses.EXCHANGES);
        ledger.handler(message -> {
            received.add(message.body());
            message.reply(null);
        });
    }

    private Future<Void> report(int exchanges) {
        for (int i = 0; i < exchanges; i++) {
            reporter.report(EXCHANGE);
        }
        return Future.succeededFuture();
    }

    /** Runs it where the reporter lives, and waits until it ran. */
    private <T> Future<T> onContext(Supplier<Future<T>> action) {
        Promise<Future<T>> ran = Promise.promise();
        context.runOnContext(turn -> {
            try {
                ran.complete(action.get());
            } catch (Throwable failure) {
                ran.fail(failure);
            }
        });
        return ran.future().await();
    }
}

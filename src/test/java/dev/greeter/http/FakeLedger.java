package dev.greeter.http;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeBatch;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A ledger that accepts the servers' batches and keeps them. */
public final class FakeLedger {
    private final Vertx vertx;
    private final List<ExchangeBatch> batches = new CopyOnWriteArrayList<>();
    private @Nullable MessageConsumer<Object> consumer;

    public FakeLedger(Vertx vertx) {
        this.vertx = vertx;
        comeBack();
    }

    public void goAway() {
        if (consumer != null) {
            consumer.unregister().await();
            consumer = null;
        }
    }

    public void comeBack() {
        consumer = vertx.eventBus().localConsumer(Addresses.EXCHANGES, message -> {
            batches.add(ExchangeBatch.from(message.body()));
            message.reply(null);
        });
    }

    /** Returns each as "outcome reason", or "outcome" if it has no reason. */
    public List<String> outcomes() {
        return exchanges().stream()
                .map(exchange ->
                        exchange.outcome().label() + (exchange.reason() == null ? "" : " " + exchange.reason()))
                .toList();
    }

    public List<ExchangeBatch> batches() {
        return batches;
    }

    public List<Exchange> exchanges() {
        return batches.stream().flatMap(batch -> batch.exchanges().stream()).toList();
    }

    /** Returns the open connections of all instances, as each reported last. */
    public long connections() {
        return batches.stream()
                .collect(Collectors.toMap(ExchangeBatch::source, ExchangeBatch::connections, (earlier, later) -> later))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    public long cut() {
        return batches.stream().mapToLong(ExchangeBatch::cut).sum();
    }
}

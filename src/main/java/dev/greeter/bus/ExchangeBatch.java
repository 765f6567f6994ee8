package dev.greeter.bus;

import dev.greeter.bus.JsonFields.BadMessageException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of one server instance since its last batch, for its node's ledger. A batch is sent again until it is
 * acknowledged, so a ledger counts each sequence of a source once only.
 *
 * @param source the server instance; unique for ever
 * @param sequence counts the batches of a source from 1 on; the next batch is sent when this one was acknowledged
 * @param connections the number that the instance has open now
 * @param drained sessions that it ended by {@code Bye} since the last batch
 * @param cut connections that it cut at the end of its grace period since the last batch
 * @param exchanges those that ended since the last batch; the list never changes after it is sent
 */
public record ExchangeBatch(
        String source,
        long sequence,
        Protocol protocol,
        long connections,
        long drained,
        long cut,
        List<Exchange> exchanges) {

    /**
     * The batch in the body of a message at {@link Addresses#EXCHANGES}: the object that our servers send, or JSON of any
     * other program in the JVM.
     *
     * @throws BadMessageException if the body is neither
     */
    public static ExchangeBatch from(@Nullable Object body) {
        if (body instanceof ExchangeBatch batch) {
            return batch;
        }
        if (!(body instanceof JsonObject json)) {
            throw new BadMessageException("batch: the body is no object");
        }
        JsonFields fields = new JsonFields("batch", json);
        return new ExchangeBatch(
                fields.string("source"),
                fields.count("sequence"),
                fields.oneOf("protocol", Protocol.values(), Protocol::label),
                fields.count("connections"),
                fields.count("drained"),
                fields.count("cut"),
                fields.objects("exchanges").stream().map(Exchange::fromJson).toList());
    }
}

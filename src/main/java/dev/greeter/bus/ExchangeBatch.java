package dev.greeter.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one server instance tells its node's ledger since its last batch. It is sent again until it is acknowledged, so a
 * ledger counts a source's sequence once only.
 *
 * @param source the server instance, unique for ever
 * @param sequence from 1 on, one up with each batch of a source; the next is sent when this one was acknowledged
 * @param connections how many the instance has open now
 * @param drained sessions that it ended by {@code Bye} since the last batch
 * @param cut connections that it cut at the end of its grace period since the last batch
 * @param exchanges those that ended since the last batch; never changed after it is sent
 */
public record ExchangeBatch(
        String source,
        long sequence,
        Protocol protocol,
        long connections,
        long drained,
        long cut,
        List<Exchange> exchanges) {

    /** As it stands on the wire. */
    public JsonObject toJson() {
        JsonArray array = new JsonArray();
        exchanges.forEach(exchange -> array.add(exchange.toJson()));
        return new JsonObject()
                .put("source", source)
                .put("sequence", sequence)
                .put("protocol", protocol.label())
                .put("connections", connections)
                .put("drained", drained)
                .put("cut", cut)
                .put("exchanges", array);
    }

    /**
     * What a message at {@link Addresses#EXCHANGES} holds: a batch as our servers send it, or the same as JSON.
     *
     * @throws BadMessageException if it is neither
     */
    public static ExchangeBatch from(@Nullable Object body) {
        if (body instanceof ExchangeBatch batch) {
            return batch;
        }
        if (!(body instanceof JsonObject json)) {
            throw new BadMessageException("batch: the body is no object");
        }
        JsonFields members = new JsonFields("batch", json);
        return new ExchangeBatch(
                members.string("source"),
                members.count("sequence"),
                members.oneOf("protocol", Protocol.values(), Protocol::label),
                members.count("connections"),
                members.count("drained"),
                members.count("cut"),
                members.objects("exchanges").stream().map(Exchange::fromJson).toList());
    }

    /** Lets batches cross an event bus as they are, within the JVM, and as JSON otherwise. Once for each Vert.x. */
    public static void register(EventBus bus) {
        bus.registerDefaultCodec(ExchangeBatch.class, codec());
    }

    static MessageCodec<ExchangeBatch, ExchangeBatch> codec() {
        return new Codec();
    }

    private static final class Codec implements MessageCodec<ExchangeBatch, ExchangeBatch> {
        @Override
        public void encodeToWire(Buffer buffer, ExchangeBatch batch) {
            Buffer json = batch.toJson().toBuffer();
            buffer.appendInt(json.length()).appendBuffer(json);
        }

        @Override
        public ExchangeBatch decodeFromWire(int position, Buffer buffer) {
            int start = position + Integer.BYTES;
            return from(new JsonObject(buffer.slice(start, start + buffer.getInt(position))));
        }

        @Override
        public ExchangeBatch transform(ExchangeBatch batch) {
            return batch;
        }

        @Override
        public String name() {
            return "greeter.exchange-batch";
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}

package dev.greeter.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;

/**
 * Passes immutable values through the event bus of one JVM as they are. Nothing but JSON crosses a wire, so a value that is
 * sent to another node by mistake fails at its sender.
 */
public final class LocalCodec<T> implements MessageCodec<T, T> {
    private static final List<Class<?>> TYPES =
            List.of(ExchangeBatch.class, LedgerSnapshot.class, StatsQuery.class, RecentQuery.class);

    private final String name;

    LocalCodec(Class<T> type) {
        name = type.getName();
    }

    /** Registers all values of this package that are sent as objects. Once for each Vert.x. */
    public static void register(EventBus bus) {
        TYPES.forEach(type -> register(bus, type));
    }

    private static <T> void register(EventBus bus, Class<T> type) {
        bus.registerDefaultCodec(type, new LocalCodec<>(type));
    }

    @Override
    public T transform(T value) {
        return value;
    }

    @Override
    public void encodeToWire(Buffer buffer, T value) {
        throw new UnsupportedOperationException(name + " is sent within one JVM only");
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException(name + " is sent within one JVM only");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}

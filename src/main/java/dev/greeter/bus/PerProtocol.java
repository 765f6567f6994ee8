package dev.greeter.bus;

import io.vertx.core.json.JsonObject;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** One value for each {@link Protocol}. */
public record PerProtocol<T>(T greeting, T http) {
    public static <T> PerProtocol<T> of(Function<Protocol, T> each) {
        return new PerProtocol<>(each.apply(Protocol.GREETING), each.apply(Protocol.HTTP));
    }

    public T get(Protocol protocol) {
        return switch (protocol) {
            case GREETING -> greeting;
            case HTTP -> http;
        };
    }

    public <R> PerProtocol<R> map(Function<? super T, R> mapping) {
        return of(protocol -> mapping.apply(get(protocol)));
    }

    public PerProtocol<T> merge(PerProtocol<T> other, BinaryOperator<T> merging) {
        return of(protocol -> merging.apply(get(protocol), other.get(protocol)));
    }

    JsonObject toJson(Function<T, ?> each) {
        return new JsonObject().put("greeting", each.apply(greeting)).put("http", each.apply(http));
    }

    static <T> PerProtocol<T> fromJson(JsonObject json, Function<JsonObject, T> each) {
        JsonFields fields = new JsonFields("stats", json);
        return of(protocol -> each.apply(fields.object(protocol.label())));
    }
}

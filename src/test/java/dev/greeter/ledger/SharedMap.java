package dev.greeter.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.shareddata.AsyncMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's access to a map that a cluster shares. Nothing happens before the test lets it: each operation is handed over
 * as one to run when the test likes, or never.
 */
final class SharedMap implements AsyncMap<String, String> {
    private final Supplier<Map<String, String>> store;
    private final Consumer<Runnable> operations;

    /** @param store what the node's side of the cluster holds, when an operation runs */
    SharedMap(Supplier<Map<String, String>> store, Consumer<Runnable> operations) {
        this.store = store;
        this.operations = operations;
    }

    private <T> Future<T> operation(Function<Map<String, String>, @Nullable T> change) {
        Promise<T> promise = Promise.promise();
        operations.accept(() -> promise.complete(change.apply(store.get())));
        return promise.future();
    }

    @Override
    public Future<String> get(String key) {
        return operation(map -> map.get(key));
    }

    @Override
    public Future<Void> put(String key, String value) {
        return operation(map -> {
            map.put(key, value);
            return null;
        });
    }

    @Override
    public Future<String> putIfAbsent(String key, String value) {
        return operation(map -> map.putIfAbsent(key, value));
    }

    @Override
    public Future<Boolean> removeIfPresent(String key, String value) {
        return operation(map -> map.remove(key, value));
    }

    @Override
    public Future<Boolean> replaceIfPresent(String key, String old, String value) {
        return operation(map -> Objects.equals(map.get(key), old) && map.put(key, value) != null);
    }

    @Override
    public Future<Map<String, String>> entries() {
        return operation(HashMap::new);
    }

    @Override
    public Future<Void> put(String key, String value, long ttl) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<String> putIfAbsent(String key, String value, long ttl) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<String> remove(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<String> replace(String key, String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> clear() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Integer> size() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Set<String>> keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<String>> values() {
        throw new UnsupportedOperationException();
    }
}

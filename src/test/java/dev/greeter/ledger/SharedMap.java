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
final class SharedMap<V> implements AsyncMap<String, V> {
    private final Supplier<Map<String, V>> store;
    private final Consumer<Runnable> operations;

    /** @param store what the node's side of the cluster holds, when an operation runs */
    SharedMap(Supplier<Map<String, V>> store, Consumer<Runnable> operations) {
        this.store = store;
        this.operations = operations;
    }

    private <T> Future<T> operation(Function<Map<String, V>, @Nullable T> change) {
        Promise<T> promise = Promise.promise();
        operations.accept(() -> promise.complete(change.apply(store.get())));
        return promise.future();
    }

    @Override
    public Future<V> get(String key) {
        return operation(map -> map.get(key));
    }

    @Override
    public Future<Void> put(String key, V value) {
        return operation(map -> {
            map.put(key, value);
            return null;
        });
    }

    @Override
    public Future<V> putIfAbsent(String key, V value) {
        return operation(map -> map.putIfAbsent(key, value));
    }

    @Override
    public Future<Boolean> removeIfPresent(String key, V value) {
        return operation(map -> map.remove(key, value));
    }

    @Override
    public Future<Boolean> replaceIfPresent(String key, V old, V value) {
        return operation(map -> Objects.equals(map.get(key), old) && map.put(key, value) != null);
    }

    @Override
    public Future<Map<String, V>> entries() {
        return operation(HashMap::new);
    }

    @Override
    public Future<Void> put(String key, V value, long ttl) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<V> putIfAbsent(String key, V value, long ttl) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<V> remove(String key) {
        return operation(map -> map.remove(key));
    }

    @Override
    public Future<V> replace(String key, V value) {
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
    public Future<List<V>> values() {
        throw new UnsupportedOperationException();
    }
}

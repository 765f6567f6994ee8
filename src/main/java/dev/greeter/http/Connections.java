package dev.greeter.http;

import dev.greeter.http.HttpBinding.Timeouts;
import dev.greeter.net.ClientChannel;
import dev.greeter.net.HeadAllocator;
import dev.greeter.net.LoopClock;
import dev.greeter.net.ServerBinding.Admission;
import dev.greeter.net.SocketAddresses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The open connections of one server instance. Used by its verticle's context only. */
public final class Connections {
    private final Context context;
    private final HttpBinding binding;
    private final LongConsumer onChange;
    private final LoopClock clock = new LoopClock();
    /** The oldest first, by Vert.x's connection, which equals itself alone. */
    private final Map<HttpConnection, WebConnection> open = new LinkedHashMap<>();

    private @Nullable HeadAllocator allocator;
    private @Nullable Promise<Void> none;
    private boolean draining;

    /**
     * Creates it with none open.
     *
     * @param context the verticle's
     * @param onChange takes the number of open connections after each change
     */
    public Connections(Context context, HttpBinding binding, LongConsumer onChange) {
        this.context = context;
        this.binding = binding;
        this.onChange = onChange;
        clock.start(context.owner(), this::check);
    }

    void opened(HttpConnection connection) {
        if (binding.mustMakeRoom()) {
            evict();
        }
        ClientChannel channel = ClientChannel.of(connection);
        Admission admission = binding.admit(channel);
        Timeouts timeouts = admission == Admission.ADMITTED
                ? binding.timeouts()
                : binding.timeouts().ofRefused();
        WebConnection opened = new WebConnection(connection, channel, admission, clock, timeouts);
        channel.onClose(() -> context.runOnContext(turn -> closed(connection, admission)));
        if (!binding.hasTls()) {
            // TLS puts both into one record anyway
            channel.pipeline().channel().config().setAllocator(allocator(channel));
        }
        ActiveRequests.count(channel, binding.requests());
        open.put(connection, opened);
        onChange.accept(open.size());
        if (admission == Admission.IGNORED) {
            channel.cut();
        }
    }

    /** One for all connections, which Vert.x gives the same too. */
    private HeadAllocator allocator(ClientChannel channel) {
        HeadAllocator first = allocator;
        if (first == null) {
            first = new HeadAllocator(channel.pipeline().channel().alloc());
            allocator = first;
        }
        return first;
    }

    private void check() {
        open.values().forEach(connection -> connection.check(draining));
    }

    /** Returns the connection of a request; null if it is closed or was evicted. */
    public @Nullable WebConnection of(HttpServerRequest request) {
        return open.get(request.connection());
    }

    /** Returns the address and port of a request's client, as logs and exchanges have them. */
    public String peer(HttpServerRequest request) {
        WebConnection connection = of(request);
        return connection == null ? SocketAddresses.text(request.connection().remoteAddress()) : connection.peer();
    }

    List<WebConnection> open() {
        return List.copyOf(open.values());
    }

    /** From now on each ends with its next response, and a WebSocket ends at once. */
    void drain() {
        draining = true;
        open().forEach(WebConnection::drain);
    }

    /** Returns whether the drain has begun. */
    public boolean areDraining() {
        return draining;
    }

    /** Returns a future that completes when none is open. */
    Future<Void> none() {
        if (open.isEmpty()) {
            return Future.succeededFuture();
        }
        none = none == null ? Promise.promise() : none;
        return none.future();
    }

    /** Makes room at once for the next connection: the oldest idle one goes, or else the oldest that waits for its client. */
    private void evict() {
        open.entrySet().stream()
                .filter(each ->
                        !each.getValue().isOverLimit() && !each.getValue().isOwed())
                .min(Comparator.comparing(each -> each.getValue().isBusy()))
                .ifPresent(oldest -> {
                    WebConnection evicted = oldest.getValue();
                    closed(oldest.getKey(), Admission.ADMITTED);
                    evicted.channel().cut();
                });
    }

    private void closed(HttpConnection connection, Admission admission) {
        WebConnection closed = open.remove(connection);
        if (closed == null) {
            // evicted before
            return;
        }
        binding.release(admission);
        onChange.accept(open.size());
        closed.closed();
        if (none != null && open.isEmpty()) {
            Promise<Void> last = none;
            none = null;
            // a response that was not written fails a turn after the close, and is counted then
            context.runOnContext(turn -> last.complete());
        }
    }
}

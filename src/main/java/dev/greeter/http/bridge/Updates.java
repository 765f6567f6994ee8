package dev.greeter.http.bridge;

import dev.greeter.bus.Addresses;
import dev.greeter.json.JsonText;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one server instance that get {@link Addresses#UPDATES}. They share one consumer, which is registered while there are any,
 * and each update is written once for all of them. Used by its verticle's context only.
 */
final class Updates {
    /** Who gets updates. */
    interface Subscriber {
        void update(JsonText stats);

        /** Updates do not come, because the event bus refused; the client may ask again. */
        void refused();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Updates.class);

    private final Vertx vertx;
    private final Set<Subscriber> subscribers = new LinkedHashSet<>();
    private @Nullable MessageConsumer<Object> consumer;

    Updates(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Begins the updates; returns false if they had begun. */
    boolean add(Subscriber subscriber) {
        boolean added = subscribers.add(subscriber);
        if (consumer == null) {
            MessageConsumer<Object> registered = vertx.eventBus().consumer(Addresses.UPDATES, this::publish);
            consumer = registered;
            registered.completion().onFailure(failure -> failed(registered, failure));
        }
        return added;
    }

    /** Ends the updates; nothing happens if they had not begun. */
    void remove(Subscriber subscriber) {
        subscribers.remove(subscriber);
        if (subscribers.isEmpty()) {
            unregister();
        }
    }

    private void failed(MessageConsumer<Object> registered, Throwable failure) {
        LOG.warn("cannot register for updates", failure);
        if (consumer == registered) {
            unregister();
            List<Subscriber> refused = List.copyOf(subscribers);
            subscribers.clear();
            refused.forEach(Subscriber::refused);
        }
    }

    private void unregister() {
        MessageConsumer<Object> registered = consumer;
        if (registered != null) {
            consumer = null;
            registered.unregister().onFailure(failure -> LOG.debug("cannot unregister: {}", failure.toString()));
        }
    }

    private void publish(Message<Object> update) {
        JsonText stats = JsonText.of(update.body());
        // a copy, because one whose write fails may leave
        List.copyOf(subscribers).forEach(subscriber -> subscriber.update(stats));
    }
}

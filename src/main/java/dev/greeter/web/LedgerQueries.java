package dev.greeter.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;

/** Asks this node's ledger for what a client asked for, and answers for it where it is away. */
final class LedgerQueries {
    private static final Problem AWAY = new Problem(503, "The ledger does not answer at the moment.");
    private static final DeliveryOptions LOCAL =
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(500);

    private final EventBus bus;

    LedgerQueries(EventBus bus) {
        this.bus = bus;
    }

    Future<Answer> ask(HttpServerRequest request, String address, JsonObject query) {
        return ask(address, query)
                .recover(unanswered -> isAway(unanswered) ? ask(address, query) : Future.failedFuture(unanswered))
                .map(reply -> Answer.json(200, json(reply.body())))
                .recover(failure -> isAway(failure)
                        ? Future.succeededFuture(AWAY.toAnswer(request))
                        : Future.failedFuture(failure));
    }

    private Future<Message<Object>> ask(String address, JsonObject query) {
        return bus.request(address, query, LOCAL);
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }

    private static Buffer json(Object body) {
        return Json.encodeToBuffer(body);
    }
}

package dev.greeter.http.resource;

import dev.greeter.http.HeadCheck;
import dev.greeter.http.Responder;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Responds to requests that reach no endpoint. Those that are, or may be, for the page count as exchanges too. */
final class UnroutedResponder implements Responder {
    private final Responder plain;
    private final Responder page;

    UnroutedResponder(Responder plain, Responder page) {
        this.plain = plain;
        this.page = page;
    }

    @Override
    public Future<Void> send(HttpServerRequest request, long readAtNanos, Response response) {
        return of(request).send(request, readAtNanos, response);
    }

    @Override
    public void abandoned(HttpServerRequest request) {
        of(request).abandoned(request);
    }

    private Responder of(HttpServerRequest request) {
        return "/".equals(request.path()) || HeadCheck.isTargetUnknown(request) ? page : plain;
    }
}

package dev.greeter.web;

import static io.vertx.core.http.HttpHeaders.ALLOW;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A resource as HTTP has it: GET and HEAD, OPTIONS, and 405 for all other methods (RFC 9110, section 9). */
final class Endpoint implements Handler<RoutingContext> {
    private static final CharSequence ALLOWED = HttpHeaders.createOptimized("GET, HEAD, OPTIONS");
    private static final Answer OPTIONS =
            new Answer(204, HttpHeaders.headers().add(ALLOW, ALLOWED).copy(false), Buffer.buffer());
    private static final Problem BODY_TOO_LONG =
            new Problem(413, "The request's body is over " + RequestBody.MAX_OCTETS + " octets.", true);
    private static final Problem BODY_MALFORMED = new Problem(400, "The request's body is malformed.", true);

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private final Resource resource;
    private final Responder responder;

    Endpoint(Resource resource, Responder responder) {
        this.resource = resource;
        this.responder = responder;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (RequestBody.isPresent(request)) {
            RequestBody.drop(request).onComplete(read -> answer(request), failure -> refuse(request, failure));
        } else {
            answer(request);
        }
    }

    private void answer(HttpServerRequest request) {
        long readAtNanos = System.nanoTime();
        answerTo(request)
                .otherwise(failure -> {
                    LOG.error("{} {} failed", request.method(), request.uri(), failure);
                    return Problem.INTERNAL.toAnswer(request);
                })
                .onSuccess(answer -> responder.send(request, readAtNanos, answer));
    }

    private Future<Answer> answerTo(HttpServerRequest request) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return resource.get(request);
        }
        return Future.succeededFuture(method.equals(HttpMethod.OPTIONS) ? OPTIONS : notAllowed(request));
    }

    private static Answer notAllowed(HttpServerRequest request) {
        Answer answer =
                new Problem(405, request.method() + " is not allowed here; allowed: " + ALLOWED).toAnswer(request);
        answer.headers().add(ALLOW, ALLOWED);
        return answer;
    }

    private void refuse(HttpServerRequest request, Throwable failure) {
        if (failure instanceof HttpClosedException || failure instanceof IOException) {
            responder.abandoned(request);
        } else {
            responder.send(request, failure instanceof RequestBody.TooLongException ? BODY_TOO_LONG : BODY_MALFORMED);
        }
    }
}

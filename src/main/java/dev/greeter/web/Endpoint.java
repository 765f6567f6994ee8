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
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A resource as HTTP has it: GET and HEAD, OPTIONS, what it has besides, and 405 for all other methods (RFC 9110, section
 * 9).
 */
final class Endpoint implements Handler<RoutingContext> {
    private static final List<HttpMethod> EVERYWHERE = List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Problem BODY_TOO_LONG =
            new Problem(413, "The request's body is over " + RequestBody.MAX_OCTETS + " octets.", true);
    private static final Problem BODY_MALFORMED = new Problem(400, "The request's body is malformed.", true);

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private final Resource resource;
    private final Responder responder;
    private final CharSequence allowed;
    private final Answer options;

    Endpoint(Resource resource, Responder responder) {
        this.resource = resource;
        this.responder = responder;
        allowed = HttpHeaders.createOptimized(Stream.concat(EVERYWHERE.stream(), resource.changes().stream())
                .map(HttpMethod::name)
                .collect(Collectors.joining(", ")));
        options = new Answer(204, HttpHeaders.headers().add(ALLOW, allowed).copy(false), Buffer.buffer());
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!RequestBody.isPresent(request)) {
            answer(request, Buffer.buffer());
        } else {
            Future<Buffer> body = resource.changes().contains(request.method())
                    ? RequestBody.read(request)
                    : RequestBody.drop(request);
            body.onComplete(read -> answer(request, read), failure -> refuse(request, failure));
        }
    }

    private void answer(HttpServerRequest request, Buffer body) {
        long readAtNanos = System.nanoTime();
        answerTo(request, body)
                .otherwise(failure -> {
                    LOG.error("{} {} failed", request.method(), request.uri(), failure);
                    return Problem.INTERNAL.toAnswer(request);
                })
                .onSuccess(answer -> responder.send(request, readAtNanos, answer));
    }

    private Future<Answer> answerTo(HttpServerRequest request, Buffer body) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return resource.get(request);
        }
        if (resource.changes().contains(method)) {
            return resource.change(request, body);
        }
        return Future.succeededFuture(method.equals(HttpMethod.OPTIONS) ? options : notAllowed(request));
    }

    private Answer notAllowed(HttpServerRequest request) {
        Answer answer =
                new Problem(405, request.method() + " is not allowed here; allowed: " + allowed).toAnswer(request);
        answer.headers().add(ALLOW, allowed);
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

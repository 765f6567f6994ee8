package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.ALLOW;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Serves a resource: GET, HEAD, OPTIONS and the resource's own changes; any other method gets 405 (RFC 9110, section 9). */
public final class Endpoint implements Handler<RoutingContext> {
    private static final List<HttpMethod> EVERYWHERE = List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Resource resource;
    private final Responder responder;
    private final Connections connections;
    private final CharSequence allowed;
    private final Response options;

    /** Creates an endpoint that sends the responses of the resource by the responder. */
    public Endpoint(Resource resource, Responder responder, Connections connections) {
        this.resource = resource;
        this.responder = responder;
        this.connections = connections;
        allowed = HttpHeaders.createOptimized(Stream.concat(EVERYWHERE.stream(), resource.changes().stream())
                .map(HttpMethod::name)
                .collect(Collectors.joining(", ")));
        options = new Response(204, HttpHeaders.headers().add(ALLOW, allowed).copy(false), Buffer.buffer());
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        long readAtNanos = System.nanoTime();
        respond(request)
                .otherwise(failure -> {
                    ErrorHandler.log(request, failure);
                    return Problem.INTERNAL.toResponse(request);
                })
                .onSuccess(response -> responder.send(request, readAtNanos, response));
    }

    private Future<Response> respond(HttpServerRequest request) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return resource.get(request);
        }
        if (resource.changes().contains(method)) {
            return resource.change(request, body(request));
        }
        return Future.succeededFuture(method.equals(HttpMethod.OPTIONS) ? options : notAllowed(request));
    }

    private Response notAllowed(HttpServerRequest request) {
        Response response =
                new Problem(405, request.method() + " is not allowed here; allowed: " + allowed).toResponse(request);
        response.headers().add(ALLOW, allowed);
        return response;
    }

    private Buffer body(HttpServerRequest request) {
        WebConnection connection = connections.of(request);
        return connection == null ? WebConnection.NO_BODY : connection.body();
    }
}

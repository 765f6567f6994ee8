package dev.greeter.http.management;

import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.faults.ActiveFault;
import dev.greeter.faults.Faults;
import dev.greeter.http.Problem;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;

/** {@code /faults}: GET lists the active faults, POST adds one, DELETE ends all. */
final class FaultsResource implements Resource {
    private final Vertx vertx;
    private final PerProtocol<Faults> faults;
    private final Duration maxDuration;

    FaultsResource(Vertx vertx, PerProtocol<Faults> faults, Duration maxDuration) {
        this.vertx = vertx;
        this.faults = faults;
        this.maxDuration = maxDuration;
    }

    @Override
    public List<HttpMethod> changes() {
        return List.of(HttpMethod.POST, HttpMethod.DELETE);
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        JsonArray all = new JsonArray();
        for (Protocol protocol : Protocol.values()) {
            faults.get(protocol).active().forEach(fault -> all.add(FaultRequest.toJson(protocol, fault)));
        }
        return Future.succeededFuture(Response.json(200, all.toBuffer()));
    }

    @Override
    public Future<Response> change(HttpServerRequest request, Buffer body) {
        return Future.succeededFuture(request.method().equals(HttpMethod.POST) ? add(request, body) : end());
    }

    private Response add(HttpServerRequest request, Buffer body) {
        FaultRequest order;
        try {
            order = FaultRequest.of(body, maxDuration);
        } catch (BadMessageException bad) {
            return new Problem(400, String.valueOf(bad.getMessage())).toResponse(request);
        }
        Faults those = faults.get(order.protocol());
        double room = those.roomPercent();
        if (order.fault().percent() > room) {
            return new Problem(
                            409,
                            "The faults of " + order.protocol().label()
                                    + " together hit 100 percent at most, and leave " + room + "; DELETE ends them.")
                    .toResponse(request);
        }
        ActiveFault added = those.add(order.fault());
        // its end is logged when it comes, and not when somebody asks next
        vertx.setTimer(order.fault().lasts().toMillis(), over -> those.dropOver());
        return Response.json(201, FaultRequest.toJson(order.protocol(), added).toBuffer());
    }

    private Response end() {
        for (Protocol protocol : Protocol.values()) {
            faults.get(protocol).end();
        }
        return new Response(204, HttpHeaders.headers(), Buffer.buffer());
    }
}

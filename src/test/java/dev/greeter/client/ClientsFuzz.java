package dev.greeter.client;

import dev.greeter.bus.Addresses;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.value.HostPort;
import dev.greeter.testing.HostileServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Whatever a server sends, a call gets its answer or fails with one printable line, and nothing unexpected happens. The first octet
 * selects the call and the others are what the server sends, over a real connection.
 */
public final class ClientsFuzz {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_LINE_CHARACTERS = 2_000;
    private static final JsonObject QUERY = new JsonObject().put("scope", "cluster");

    private static final HostileServer SERVER = new HostileServer();
    private static final AtomicReference<Throwable> UNEXPECTED = new AtomicReference<>();
    private static final Vertx VERTX = vertx();
    private static final GreetingClient GREETINGS = new GreetingClient(VERTX, ClientTls.DEFAULT);
    private static final HttpFetch FETCH = new HttpFetch(VERTX, ClientTls.DEFAULT);
    private static final BridgeClient BRIDGE = new BridgeClient(VERTX, ClientTls.DEFAULT);
    private static final GreetingTarget TARGET = new GreetingTarget(false, new HostPort("127.0.0.1", SERVER.port()));
    private static final Url URL = Url.parse("http://127.0.0.1:" + SERVER.port() + "/stats");

    private ClientsFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) throws Exception {
        if (octets.length == 0) {
            return;
        }
        byte[] said = Arrays.copyOfRange(octets, 1, octets.length);
        switch (octets[0]) {
            case 'o' -> check(said, false, () -> GREETINGS.greet(TARGET, TIMEOUT));
            case 's' -> check(said, false, () -> GREETINGS.converse(TARGET, TIMEOUT, true, 3, reply -> true));
            case 'g' -> check(said, false, () -> FETCH.get(URL, TIMEOUT).compose(ClientsFuzz::json));
            case 'b' -> check(said, false, () -> BRIDGE.request(URL, Addresses.STATS, QUERY, TIMEOUT));
            case 'w' -> check(said, true, () -> BRIDGE.request(URL, Addresses.STATS, QUERY, TIMEOUT));
            case 't' ->
                check(HostileServer.frame(said), true, () -> BRIDGE.request(URL, Addresses.STATS, QUERY, TIMEOUT));
            case 'u' ->
                check(
                        HostileServer.frame(said),
                        true,
                        () -> BRIDGE.subscribe(URL, Addresses.UPDATES, body -> false, TIMEOUT));
            default -> {
                // no such call
            }
        }
    }

    private static Future<JsonObject> json(HttpFetch.Answer answer) {
        try {
            return Future.succeededFuture(answer.json(URL, "stats"));
        } catch (ClientException e) {
            return Future.failedFuture(e);
        }
    }

    private static void check(byte[] said, boolean webSocket, Supplier<Future<?>> call) throws Exception {
        SERVER.say(said, webSocket);
        try {
            call.get().toCompletionStage().toCompletableFuture().get(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ClientException)) {
                throw new AssertionError("failed unexpectedly", e.getCause());
            }
            checkLine(String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new AssertionError("the call does not end", e);
        }
        Throwable unexpected = UNEXPECTED.getAndSet(null);
        if (unexpected != null) {
            throw new AssertionError("unexpected", unexpected);
        }
    }

    private static void checkLine(String line) {
        if (line.length() > MAX_LINE_CHARACTERS
                || line.contains("unexpectedly")
                || line.contains("timeout of")
                || !line.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new AssertionError("no line for a user: " + line);
        }
    }

    private static Vertx vertx() {
        Vertx vertx = Vertx.vertx(ClientVertx.options(1));
        vertx.exceptionHandler(UNEXPECTED::set);
        return vertx;
    }
}

package dev.greeter.probe.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.greeter.client.ClientVertx;
import dev.greeter.client.Url;
import dev.greeter.config.value.HostPort;
import dev.greeter.probe.measure.Counts;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.RunClock;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.Target;
import dev.greeter.testing.HostileServer;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whatever a server sends, each exchange of the probe is answered or lost, answered only if the server said what it may, and
 * nothing unexpected happens. The first octet selects the mode and the others are what the server sends to each connection.
 */
public final class ProbeFuzz {
    /** A server that says Bye to each connection is asked again until then. */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final int PATIENCE_SECONDS = 60;
    private static final int EXCHANGES = 3;
    private static final HostileServer SERVER = new HostileServer();
    private static final AtomicReference<Throwable> UNEXPECTED = new AtomicReference<>();
    private static final Vertx VERTX = vertx();
    private static final Target GREETING = Target.greeting(new HostPort("127.0.0.1", SERVER.port()));
    private static final Target PAGE = Target.http(Url.parse("http://127.0.0.1:" + SERVER.port()));

    private ProbeFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) throws Exception {
        if (octets.length == 0) {
            return;
        }
        byte[] said = Arrays.copyOfRange(octets, 1, octets.length);
        String text = new String(said, ISO_8859_1);
        switch (octets[0]) {
            case 'o' -> check(Mode.ONESHOT, GREETING, said, text.equals("World") ? EXCHANGES : 0);
            case 's' -> check(Mode.SESSION, GREETING, said, text.contains("World f-") ? EXCHANGES : 0);
            case 'g' -> check(Mode.HTTP, PAGE, said, text.contains("<h1>Hello, World!</h1>") ? EXCHANGES : 0);
            case 'k' -> check(Mode.HTTP_KEEPALIVE, PAGE, said, text.contains("<h1>Hello, World!</h1>") ? EXCHANGES : 0);
            default -> {
                // no such mode
            }
        }
    }

    private static void check(Mode mode, Target target, byte[] said, int most) throws Exception {
        SERVER.say(said, false);
        Connector connector = new Connector(VERTX, TIMEOUT, null);
        Driver driver = Driver.of(
                new Scenario(mode, target),
                ((VertxInternal) VERTX).createEventLoopContext(),
                connector,
                TIMEOUT,
                1,
                "f");
        try {
            Counts counts = driver.run(Load.closedCount(EXCHANGES), RunClock.start(InstantSource.system()), true)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .counts();
            if (counts.sent() != EXCHANGES || counts.unfinished() != 0 || counts.answered() > most) {
                throw new AssertionError(counts);
            }
        } catch (ExecutionException e) {
            throw new AssertionError("failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the run does not end", e);
        } finally {
            driver.close().await(1, TimeUnit.MINUTES);
            connector.close().await(1, TimeUnit.MINUTES);
        }
        Throwable unexpected = UNEXPECTED.getAndSet(null);
        if (unexpected != null) {
            throw new AssertionError("unexpected", unexpected);
        }
    }

    private static Vertx vertx() {
        Vertx vertx = Vertx.vertx(ClientVertx.options(1));
        vertx.exceptionHandler(UNEXPECTED::set);
        return vertx;
    }
}

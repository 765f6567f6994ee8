package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The time that the service stands still is not its clients'. */
class PauseTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** Longer than any timeout here, and than the linger. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final List<RawClient> peers = new ArrayList<>();

    @Test
    void answersAllThatSaidHelloMeanwhile() {
        try (Server server = server(TIMEOUT, LONG)) {
            connect(server, 10);
            pause(server, () -> peers.forEach(peer -> peer.trySend("Hello")));
            for (RawClient peer : peers) {
                assertThat(peer.rest()).isEqualTo("World");
            }
            server.awaitTally(10, 0, 0);
        } finally {
            leave();
        }
    }

    @Test
    void answersALineWhoseRestCameMeanwhile() {
        try (Server server = server(LONG, TIMEOUT)) {
            RawClient peer = connect(server).send("GREETING/2\n");
            peer.octets(11);
            peer.send("Hel");
            pause(server, () -> peer.trySend("lo\n"));
            assertThat(peer.octets(6)).isEqualTo("World\n");
            server.awaitTally(1, 0, 0);
        } finally {
            leave();
        }
    }

    @Test
    void leavesASessionTheRestOfItsTime() {
        try (Server server = server(LONG, Duration.ofSeconds(1))) {
            RawClient peer = connect(server).send("GREETING/2\n");
            peer.octets(11);
            pause(server, () -> {});
            assertThat(peer.send("Hello\n").octets(6)).isEqualTo("World\n");
        } finally {
            leave();
        }
    }

    @Test
    void timesOutWhoSaidNothingMeanwhile() {
        try (Server server = server(TIMEOUT, LONG)) {
            RawClient peer = connect(server);
            pause(server, () -> {});
            assertThat(peer.rest()).startsWith("Error timeout");
        } finally {
            leave();
        }
    }

    @Test
    void givesTheLastChanceOfADrainAfterIt() {
        try (Server server = server(LONG, LONG)) {
            RawClient peer = connect(server);
            Future<Void> drained = server.undeploy();
            pause(server, () -> peer.trySend("Hello"));
            assertThat(peer.rest()).isEqualTo("World");
            peer.close();
            drained.await();
            server.awaitTally(1, 0, 0);
        } finally {
            leave();
        }
    }

    private RawClient connect(Server server) {
        connect(server, 1);
        return peers.get(0);
    }

    private void connect(Server server, int count) {
        for (int i = 0; i < count; i++) {
            peers.add(new RawClient(server.port()));
        }
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> server.connections() == count);
    }

    private void leave() {
        for (RawClient peer : peers) {
            peer.close();
        }
    }

    private static Server server(Duration handshake, Duration idle) {
        return new Server(Configs.greeting("127.0.0.1", 0, 1, 10_000, handshake, idle));
    }

    /** Holds every event loop up, and does this meanwhile. */
    private static void pause(Server server, Runnable meanwhile) {
        CountDownLatch end = new CountDownLatch(1);
        EventLoopGroup loops = ((VertxInternal) server.vertx).nettyEventLoopGroup();
        loops.forEach(loop -> loop.execute(() -> await(end)));
        meanwhile.run();
        Awaitility.await().pollDelay(PAUSE).until(() -> true);
        end.countDown();
    }

    private static void await(CountDownLatch end) {
        try {
            assertThat(end.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}

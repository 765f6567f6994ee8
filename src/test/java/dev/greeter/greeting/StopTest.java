package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Stats;
import dev.greeter.config.Config;
import dev.greeter.testing.BusyAcceptor;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that nobody has accepted yet when the server is stopped. */
class StopTest {
    private static final int EACH = 8;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void answersEveryConnectionThatItAccepts(int instances) throws Exception {
        List<RawClient> oneShots = new ArrayList<>();
        List<RawClient> sessions = new ArrayList<>();
        List<RawClient> silent = new ArrayList<>();
        try (Server server = new Server(config(instances, 10_000))) {
            greetOnce(server);
            Future<Void> stopped;
            try (BusyAcceptor acceptor = new BusyAcceptor(server.acceptors())) {
                for (int i = 0; i < EACH; i++) {
                    oneShots.add(new RawClient(server.port()).send("Hello"));
                    sessions.add(new RawClient(server.port()).send("GREETING/2\nHello 1\nHello 2\n"));
                    silent.add(new RawClient(server.port()));
                }
                stopped = server.undeploy();
                acceptor.release();
            }
            for (RawClient peer : oneShots) {
                assertThat(peer.rest()).isEqualTo("World");
            }
            for (RawClient peer : sessions) {
                // what comes before Bye was processed, and the rest was not
                assertThat(peer.rest()).isIn("Bye\n", "GREETING/2\nBye\n", "GREETING/2\nWorld 1\nWorld 2\nBye\n");
            }
            for (RawClient peer : silent) {
                peer.trySend("Hello");
                assertThat(peer.rest()).isIn("World", "Bye\n");
            }
            stopped.await();
            assertThat(server.ledger.cut()).isZero();
            assertThat(server.tally().refused()).isZero();
            assertThat(server.tally().failed()).isZero();
        } finally {
            close(oneShots, sessions, silent);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void saysThatItIsBusyToThoseOverTheLimit(int instances) throws Exception {
        List<RawClient> sessions = new ArrayList<>();
        List<RawClient> over = new ArrayList<>();
        try (Server server = new Server(config(instances, EACH))) {
            for (int i = 0; i < EACH; i++) {
                RawClient peer = new RawClient(server.port()).send("GREETING/2\n");
                sessions.add(peer);
                assertThat(peer.octets("GREETING/2\n".length())).isEqualTo("GREETING/2\n");
            }
            Future<Void> stopped;
            try (BusyAcceptor acceptor = new BusyAcceptor(server.acceptors())) {
                for (int i = 0; i < EACH; i++) {
                    over.add(new RawClient(server.port()).send("Hello"));
                }
                stopped = server.undeploy();
                acceptor.release();
            }
            for (RawClient peer : over) {
                assertThat(peer.rest()).startsWith("Error busy ");
            }
            for (RawClient peer : sessions) {
                assertThat(peer.rest()).isEqualTo("Bye\n");
            }
            stopped.await();
            assertThat(server.tally()).isEqualTo(new Stats.Tally(0, EACH, 0));
        } finally {
            close(sessions, over);
        }
    }

    private static void greetOnce(Server server) {
        try (RawClient peer = new RawClient(server.port())) {
            assertThat(peer.send("Hello").rest()).isEqualTo("World");
        }
    }

    private static Config.Greeting config(int instances, int maxConnections) {
        return Configs.greeting(
                "127.0.0.1", 0, instances, maxConnections, Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    @SafeVarargs
    private static void close(List<RawClient>... all) {
        for (List<RawClient> peers : all) {
            for (RawClient peer : peers) {
                peer.close();
            }
        }
    }
}

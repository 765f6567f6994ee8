package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Stats;
import dev.greeter.config.Config;
import dev.greeter.testing.BusyAcceptor;
import io.vertx.core.Future;
import java.io.IOException;
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
        List<Peer> oneShots = new ArrayList<>();
        List<Peer> sessions = new ArrayList<>();
        List<Peer> silent = new ArrayList<>();
        try (Server server = new Server(config(instances, 10_000))) {
            greetOnce(server);
            Future<Void> stopped;
            try (BusyAcceptor acceptor = new BusyAcceptor(server.vertx)) {
                for (int i = 0; i < EACH; i++) {
                    oneShots.add(new Peer(server.port()).say("Hello"));
                    sessions.add(new Peer(server.port()).say("GREETING/2\nHello 1\nHello 2\n"));
                    silent.add(new Peer(server.port()));
                }
                stopped = server.undeploy();
                acceptor.release();
            }
            for (Peer peer : oneShots) {
                assertThat(peer.hearAll()).isEqualTo("World");
            }
            for (Peer peer : sessions) {
                // what comes before Bye was processed, and the rest was not
                assertThat(peer.hearAll()).isIn("Bye\n", "GREETING/2\nBye\n", "GREETING/2\nWorld 1\nWorld 2\nBye\n");
            }
            for (Peer peer : silent) {
                peer.trySay("Hello");
                assertThat(peer.hearAll()).isIn("World", "Bye\n");
            }
            Server.get(stopped);
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
        List<Peer> sessions = new ArrayList<>();
        List<Peer> over = new ArrayList<>();
        try (Server server = new Server(config(instances, EACH))) {
            for (int i = 0; i < EACH; i++) {
                Peer peer = new Peer(server.port()).say("GREETING/2\n");
                sessions.add(peer);
                assertThat(peer.hear("GREETING/2\n".length())).isEqualTo("GREETING/2\n");
            }
            Future<Void> stopped;
            try (BusyAcceptor acceptor = new BusyAcceptor(server.vertx)) {
                for (int i = 0; i < EACH; i++) {
                    over.add(new Peer(server.port()).say("Hello"));
                }
                stopped = server.undeploy();
                acceptor.release();
            }
            for (Peer peer : over) {
                assertThat(peer.hearAll()).startsWith("Error busy ");
            }
            for (Peer peer : sessions) {
                assertThat(peer.hearAll()).isEqualTo("Bye\n");
            }
            Server.get(stopped);
            assertThat(server.tally()).isEqualTo(new Stats.Tally(0, EACH, 0));
        } finally {
            close(sessions, over);
        }
    }

    private static void greetOnce(Server server) throws IOException {
        try (Peer peer = new Peer(server.port())) {
            assertThat(peer.say("Hello").hearAll()).isEqualTo("World");
        }
    }

    private static Config.Greeting config(int instances, int maxConnections) {
        return new Config.Greeting(
                "127.0.0.1", 0, instances, maxConnections, Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    @SafeVarargs
    private static void close(List<Peer>... all) throws IOException {
        for (List<Peer> peers : all) {
            for (Peer peer : peers) {
                peer.close();
            }
        }
    }
}

package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Stats;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that are open when the server is stopped. */
class DrainTest {
    @Test
    void drainsASessionByBye() throws IOException {
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            peer.say("GREETING/2\nHello a\n");
            assertThat(peer.hear("GREETING/2\nWorld a\n".length())).endsWith("World a\n");
            Future<Void> drained = server.undeploy();
            assertThat(peer.hearAll()).isEqualTo("Bye\n");
            peer.say("Hello b\n").leave();
            Server.get(drained);
            server.awaitTally(1, 0, 0);
            assertThat(server.ledger.drained()).isEqualTo(1);
            assertThat(server.ledger.cut()).isZero();
        }
    }

    @Test
    void answersAClientThatHasConnectedBeforeTheDrain() throws IOException {
        try (Server server = new Server();
                Peer oneShot = new Peer(server.port());
                Peer session = new Peer(server.port());
                Peer silent = new Peer(server.port())) {
            await().until(() -> server.ledger
                            .stats(Stats.Scope.NODE, java.time.Instant.now(), 0)
                            .nodes()
                            .get(0)
                            .connections()
                    == 3);
            Future<Void> drained = server.undeploy();
            assertThat(oneShot.say("Hello").hearAll()).isEqualTo("World");
            assertThat(session.say("GREETING/2\nHello a\n").hearAll()).isEqualTo("GREETING/2\nWorld a\nBye\n");
            assertThat(silent.hearAll()).isEqualTo("Bye\n");
            oneShot.leave();
            session.leave();
            silent.leave();
            Server.get(drained);
            server.awaitTally(2, 0, 0);
        }
    }

    @Test
    void cutsWhatDoesNotEndWithinTheGracePeriod() throws IOException {
        try (Server server = new Server(Server.DEFAULTS, Duration.ofMillis(300));
                Peer peer = new Peer(server.port(), 4_096)) {
            peer.say("GREETING/2\n");
            peer.sayForEver(Server.A_LOT);
            server.awaitStuck();
            Server.get(server.undeploy());
            assertThat(server.ledger.cut()).isEqualTo(1);
            assertThat(server.tally().failed()).isPositive();
        }
    }

    /** Which of the two is a race; that it is one of them is not. */
    @Test
    void endsEachSessionByByeOrCountsItAsCut() throws IOException {
        int sessions = 50;
        try (Server server = new Server(Server.DEFAULTS, Duration.ZERO)) {
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                Peer peer = new Peer(server.port());
                peers.add(peer);
                peer.say("GREETING/2\n");
                assertThat(peer.hear("GREETING/2\n".length())).isEqualTo("GREETING/2\n");
            }
            Server.get(server.undeploy());
            int told = 0;
            for (Peer peer : peers) {
                told += peer.hearAll().equals("Bye\n") ? 1 : 0;
                peer.close();
            }
            assertThat(server.ledger.cut()).isEqualTo(sessions - told);
        }
    }
}

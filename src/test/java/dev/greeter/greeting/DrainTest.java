package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Stats;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that are open when the server is stopped. */
class DrainTest {
    @Test
    void drainsASessionByBye() {
        try (Server server = new Server();
                RawClient peer = new RawClient(server.port())) {
            peer.send("GREETING/2\nHello a\n");
            assertThat(peer.octets("GREETING/2\nWorld a\n".length())).endsWith("World a\n");
            Future<Void> drained = server.undeploy();
            assertThat(peer.rest()).isEqualTo("Bye\n");
            peer.send("Hello b\n").close();
            drained.await();
            server.awaitTally(1, 0, 0);
            assertThat(server.ledger.drained()).isEqualTo(1);
            assertThat(server.ledger.cut()).isZero();
        }
    }

    @Test
    void answersAClientThatHasConnectedBeforeTheDrain() {
        try (Server server = new Server();
                RawClient oneShot = new RawClient(server.port());
                RawClient session = new RawClient(server.port());
                RawClient silent = new RawClient(server.port())) {
            await().until(() -> server.ledger
                            .stats(Stats.Scope.NODE, java.time.Instant.now(), 0)
                            .nodes()
                            .get(0)
                            .connections()
                    == 3);
            Future<Void> drained = server.undeploy();
            assertThat(oneShot.send("Hello").rest()).isEqualTo("World");
            assertThat(session.send("GREETING/2\nHello a\n").rest()).isEqualTo("GREETING/2\nWorld a\nBye\n");
            assertThat(silent.rest()).isEqualTo("Bye\n");
            oneShot.leave();
            session.leave();
            silent.leave();
            drained.await();
            server.awaitTally(2, 0, 0);
        }
    }

    @Test
    void cutsWhatDoesNotEndWithinTheGracePeriod() {
        try (Server server = new Server(Server.DEFAULTS, Duration.ofMillis(300));
                RawClient peer = new RawClient(server.port(), 4_096)) {
            peer.send("GREETING/2\n");
            peer.sendForEver(Server.A_LOT);
            server.awaitStuck();
            server.undeploy().await();
            assertThat(server.ledger.cut()).isEqualTo(1);
            assertThat(server.tally().failed()).isPositive();
        }
    }

    /** Which of the two is a race; that it is one of them is not. */
    @Test
    void endsEachSessionByByeOrCountsItAsCut() {
        int sessions = 50;
        try (Server server = new Server(Server.DEFAULTS, Duration.ZERO)) {
            List<RawClient> peers = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                RawClient peer = new RawClient(server.port());
                peers.add(peer);
                peer.send("GREETING/2\n");
                assertThat(peer.octets("GREETING/2\n".length())).isEqualTo("GREETING/2\n");
            }
            server.undeploy().await();
            int told = 0;
            for (RawClient peer : peers) {
                told += peer.rest().equals("Bye\n") ? 1 : 0;
                peer.close();
            }
            assertThat(server.ledger.cut()).isEqualTo(sessions - told);
        }
    }
}

package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.Stats;
import dev.greeter.testing.RawClient;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that do not read, and a ledger that does not count. */
class BackPressureTest {
    @Test
    void failsWhatCouldNotBeHandedOver() {
        try (Server server = new Server()) {
            try (RawClient peer = new RawClient(server.port(), 4_096)) {
                peer.send("GREETING/2\n");
                peer.sendForEver(Server.A_LOT);
                server.awaitStuck();
                peer.reset();
            }
            // what it had read and answered, but the kernel would not take
            await().until(() -> server.tally().failed() > 0);
            assertThat(server.exchanges()).last().returns("closed", Exchange::reason);
        }
    }

    @Test
    void growsNoMemoryForPeersThatNeverRead() throws Exception {
        int peers = 20;
        try (Server server = new Server()) {
            long before = PlatformDependent.usedDirectMemory();
            List<RawClient> open = new ArrayList<>();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < peers; i++) {
                RawClient peer = new RawClient(server.port(), 4_096);
                open.add(peer.send("GREETING/2\n"));
                writers.add(peer.sendForEver(Server.A_LOT));
            }
            server.awaitStuck();
            // each holds a read's answers and one read more, not what its peer could send
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(32L << 20);
            for (RawClient peer : open) {
                peer.reset();
            }
            for (Thread writer : writers) {
                writer.join();
            }
            await().until(() -> server.ledger
                            .stats(Stats.Scope.NODE, java.time.Instant.now(), 0)
                            .nodes()
                            .get(0)
                            .connections()
                    == 0);
        }
    }

    @Test
    void stopsReadingWhileNobodyCounts() throws Exception {
        int lines = 100_000;
        try (Server server = new Server()) {
            server.stopLedger();
            try (RawClient peer = new RawClient(server.port())) {
                peer.sendLastInBackground("GREETING/2\n" + "Hello\n".repeat(lines));
                // two batches and what one read brought on top are all that is held
                String first = peer.octets("GREETING/2\n".length() + 16_384 * 6);
                assertThat(first).endsWith("World\n");
                server.startLedger();
                assertThat(first.length() + peer.rest().length()).isEqualTo("GREETING/2\n".length() + lines * 6);
                server.awaitTally(lines, 0, 0);
            }
        }
    }
}

package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Exchange;
import dev.greeter.config.Config;
import dev.greeter.faults.Fault;
import dev.greeter.faults.FaultKind;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where half of the exchanges suffer, it is every second one. */
class FaultsTest {
    private static final String SESSION = "GREETING/2\nHello a\nHello b\nHello c\n";
    private static final Duration DELAY = Duration.ofMillis(200);

    private final Server server = new Server();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSE,    '',                                                      0, 0, 1",
        "TRUNCATE, Wo,                                                      0, 0, 1",
        "WRONG,    Wrong,                                                   1, 0, 0",
        "REFUSE,   'Error busy too many connections, try again later\n', 0, 1, 0",
        "DELAY,    World,                                                   1, 0, 0"
    })
    void suffersInTheOneShotForm(FaultKind kind, String answer, int answered, int refused, int failed)
            throws IOException {
        add(kind, 100);
        try (Peer peer = new Peer(server.port())) {
            assertThat(peer.say("Hello").hearAll()).isEqualTo(answer);
        }
        server.awaitTally(answered, refused, failed);
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSE,    'World a\n',                                                      1, 0, 1",
        "TRUNCATE, 'World a\nWorl',                                                  1, 0, 1",
        "WRONG,    'World a\nWorld wrong\nWorld c\n',                                3, 0, 0",
        "REFUSE,   'World a\nError busy too many connections, try again later\n', 1, 1, 0",
        "DELAY,    'World a\nWorld b\nWorld c\n',                                    3, 0, 0"
    })
    void suffersInASessionAfterWhatIsBefore(FaultKind kind, String answers, int answered, int refused, int failed)
            throws IOException {
        add(kind, 50);
        try (Peer peer = new Peer(server.port())) {
            assertThat(peer.say(SESSION).end().hearAll()).isEqualTo("GREETING/2\n" + answers);
        }
        server.awaitTally(answered, refused, failed);
    }

    @Test
    void resetsAfterWhatIsBefore() throws IOException {
        add(FaultKind.RESET, 50);
        try (Peer peer = new Peer(server.port())) {
            peer.say(SESSION);
            assertThat(peer.hear(19)).isEqualTo("GREETING/2\nWorld a\n");
            assertThatThrownBy(peer::hearAll).isInstanceOf(SocketException.class);
        }
        server.awaitTally(1, 0, 1);
        assertThat(server.exchanges().get(1))
                .returns("fault:reset", Exchange::reason)
                .returns("b", Exchange::token);
    }

    @Test
    void stallsUntilTheFaultIsOver() throws IOException {
        add(FaultKind.STALL, 50);
        try (Peer peer = new Peer(server.port())) {
            peer.say(SESSION);
            assertThat(peer.hear(19)).isEqualTo("GREETING/2\nWorld a\n");
            server.awaitTally(1, 0, 0);
            server.faults.end();
            assertThat(peer.hearAll()).isEmpty();
        }
        server.awaitTally(1, 0, 1);
    }

    @Test
    void countsADelayAsServiceTime() throws IOException {
        add(FaultKind.DELAY, 100);
        try (Peer peer = new Peer(server.port())) {
            peer.say("Hello").hearAll();
        }
        server.awaitTally(1, 0, 0);
        assertThat(server.exchanges().get(0).durationMicros()).isGreaterThanOrEqualTo(DELAY.toMillis() * 1_000);
    }

    /** What was read has an end, whoever ends it. */
    @Test
    void countsAllThatWaitedBehindADelayWhenTheClientGoes() throws IOException {
        server.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)));
        try (Peer peer = new Peer(server.port())) {
            peer.say(SESSION);
            assertThat(peer.hear(11)).isEqualTo("GREETING/2\n");
            peer.reset();
        }
        server.awaitTally(0, 0, 3);
    }

    @Test
    void drainsInSpiteOfStalledAndDelayedExchanges() throws IOException {
        try (Peer delayed = new Peer(server.port());
                Peer stalled = new Peer(server.port())) {
            server.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)));
            delayed.say("GREETING/2\nHello 1\n");
            assertThat(delayed.hear(11)).isEqualTo("GREETING/2\n");
            server.faults.end();
            add(FaultKind.STALL, 100);
            stalled.say("GREETING/2\nHello 2\n");
            assertThat(stalled.hear(11)).isEqualTo("GREETING/2\n");
            Future<Void> drained = server.undeploy();
            assertThat(stalled.hearAll()).isEmpty();
            assertThat(delayed.hearAll()).isEqualTo("World 1\nBye\n");
            Server.get(drained);
        }
        server.awaitTally(1, 0, 1);
    }

    /** Which would close a client that takes nothing. */
    @ParameterizedTest
    @CsvSource({"Hello, World", "'GREETING/2\nHello a\nHello b\n', 'GREETING/2\nWorld a\nWorld b\n'"})
    void delaysForLongerThanTheIdleTimeout(String octets, String answers) throws IOException {
        Duration idle = Duration.ofMillis(300);
        try (Server impatient = new Server(new Config.Greeting("127.0.0.1", 0, 1, 10, idle, idle));
                Peer peer = new Peer(impatient.port())) {
            impatient.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)));
            assertThat(peer.say(octets).hear(answers.length())).isEqualTo(answers);
        }
    }

    @Test
    void delaysNothingMoreWhenTheFaultIsOver() throws IOException {
        server.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)));
        int lines = 100;
        try (Peer peer = new Peer(server.port())) {
            peer.say("GREETING/2\n" + "Hello\n".repeat(lines));
            assertThat(peer.hear(11)).isEqualTo("GREETING/2\n");
            server.faults.end();
            assertThat(peer.hear(lines * 6)).isEqualTo("World\n".repeat(lines));
        }
        server.awaitTally(lines, 0, 0);
    }

    @Test
    void failsAStalledExchangeWhenItsClientGoes() throws IOException {
        add(FaultKind.STALL, 100);
        try (Peer peer = new Peer(server.port())) {
            peer.say("Hello");
            await().until(() -> server.faults.active().get(0).injected() == 1);
            peer.reset();
        }
        server.awaitTally(0, 0, 1);
        assertThat(server.exchanges().get(0).reason()).isEqualTo("fault:stall");
    }

    private void add(FaultKind kind, double percent) {
        server.faults.add(
                new Fault(kind, percent, Duration.ofMinutes(1), kind == FaultKind.DELAY ? DELAY : Duration.ZERO));
    }
}

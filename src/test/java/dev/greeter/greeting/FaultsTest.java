package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Exchange;
import dev.greeter.faults.Fault;
import dev.greeter.faults.FaultKind;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
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
    void suffersInTheOneShotForm(FaultKind kind, String answer, int answered, int refused, int failed) {
        add(kind, 100);
        try (RawClient peer = new RawClient(server.port())) {
            assertThat(peer.send("Hello").rest()).isEqualTo(answer);
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
    void suffersInASessionAfterWhatIsBefore(FaultKind kind, String answers, int answered, int refused, int failed) {
        add(kind, 50);
        try (RawClient peer = new RawClient(server.port())) {
            assertThat(peer.send(SESSION).halfClose().rest()).isEqualTo("GREETING/2\n" + answers);
        }
        server.awaitTally(answered, refused, failed);
    }

    @Test
    void resetsAfterWhatIsBefore() {
        add(FaultKind.RESET, 50);
        try (RawClient peer = new RawClient(server.port())) {
            peer.send(SESSION);
            assertThat(peer.octets(19)).isEqualTo("GREETING/2\nWorld a\n");
            assertThatThrownBy(peer::rest).hasCauseInstanceOf(SocketException.class);
        }
        server.awaitTally(1, 0, 1);
        assertThat(server.exchanges().get(1))
                .returns("fault:reset", Exchange::reason)
                .returns("b", Exchange::token);
    }

    @Test
    void stallsUntilTheFaultIsOver() {
        add(FaultKind.STALL, 50);
        try (RawClient peer = new RawClient(server.port())) {
            peer.send(SESSION);
            assertThat(peer.octets(19)).isEqualTo("GREETING/2\nWorld a\n");
            server.awaitTally(1, 0, 0);
            server.faults.end();
            assertThat(peer.rest()).isEmpty();
        }
        server.awaitTally(1, 0, 1);
    }

    @Test
    void countsADelayAsServiceTime() {
        add(FaultKind.DELAY, 100);
        try (RawClient peer = new RawClient(server.port())) {
            peer.send("Hello").rest();
        }
        server.awaitTally(1, 0, 0);
        assertThat(server.exchanges().get(0).durationMicros()).isGreaterThanOrEqualTo(DELAY.toMillis() * 1_000);
    }

    /** What was read has an end, whoever ends it. */
    @Test
    void countsAllThatWaitedBehindADelayWhenTheClientGoes() {
        server.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)));
        try (RawClient peer = new RawClient(server.port())) {
            peer.send(SESSION);
            assertThat(peer.octets(11)).isEqualTo("GREETING/2\n");
            peer.reset();
        }
        server.awaitTally(0, 0, 3);
    }

    @Test
    void drainsInSpiteOfStalledAndDelayedExchanges() {
        try (RawClient delayed = new RawClient(server.port());
                RawClient stalled = new RawClient(server.port())) {
            server.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)));
            delayed.send("GREETING/2\nHello 1\n");
            assertThat(delayed.octets(11)).isEqualTo("GREETING/2\n");
            server.faults.end();
            add(FaultKind.STALL, 100);
            stalled.send("GREETING/2\nHello 2\n");
            assertThat(stalled.octets(11)).isEqualTo("GREETING/2\n");
            Future<Void> drained = server.undeploy();
            assertThat(stalled.rest()).isEmpty();
            assertThat(delayed.rest()).isEqualTo("World 1\nBye\n");
            drained.await();
        }
        server.awaitTally(1, 0, 1);
    }

    @Test
    void countsAllThatWasReadWhenTheClientGoes() {
        server.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofMillis(500)));
        try (RawClient peer = new RawClient(server.port())) {
            peer.send("GREETING/2\n" + "Hello\n".repeat(2_000));
            assertThat(peer.octets(17)).isEqualTo("GREETING/2\nWorld\n");
            peer.reset();
        }
        await().until(() -> server.connections() == 0);
        long read = server.faults.active().get(0).injected();
        await().untilAsserted(() ->
                assertThat(server.tally().answered() + server.tally().failed()).isEqualTo(read));
        assertThat(server.tally().failed()).isPositive();
    }

    /** Which would close a client that takes nothing. */
    @ParameterizedTest
    @CsvSource({"Hello, World", "'GREETING/2\nHello a\nHello b\n', 'GREETING/2\nWorld a\nWorld b\n'"})
    void delaysForLongerThanTheIdleTimeout(String octets, String answers) {
        Duration idle = Duration.ofMillis(300);
        try (Server impatient = new Server(Configs.greeting("127.0.0.1", 0, 1, 10, idle, idle));
                RawClient peer = new RawClient(impatient.port())) {
            impatient.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)));
            assertThat(peer.send(octets).octets(answers.length())).isEqualTo(answers);
        }
    }

    @Test
    void delaysNothingMoreWhenTheFaultIsOver() {
        server.faults.add(new Fault(FaultKind.DELAY, 100, Duration.ofMinutes(1), Duration.ofSeconds(1)));
        int lines = 2_000;
        try (RawClient peer = new RawClient(server.port())) {
            peer.send("GREETING/2\n" + "Hello\n".repeat(lines));
            assertThat(peer.octets(11)).isEqualTo("GREETING/2\n");
            server.faults.end();
            assertThat(peer.octets(lines * 6)).isEqualTo("World\n".repeat(lines));
        }
        server.awaitTally(lines, 0, 0);
    }

    @Test
    void failsAStalledExchangeWhenItsClientGoes() {
        add(FaultKind.STALL, 100);
        try (RawClient peer = new RawClient(server.port())) {
            peer.send("Hello");
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

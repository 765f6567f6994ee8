package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.config.Config;
import dev.greeter.protocol.WireExample;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GreetingServerVerticleTest {
    private static final String A_LOT = ("Hello " + "0123456789abcdef".repeat(4) + "\n").repeat(2_000);

    /** These need the clock, a full server, or a drain, and have tests of their own. */
    private static final List<String> OF_THE_SERVERS_STATE = List.of("timeout", "timeout-in-session", "busy", "drain");

    static Stream<WireExample> examples() {
        return WireExample.all().stream().filter(example -> !OF_THE_SERVERS_STATE.contains(example.name()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersEachExampleToTheOctet(WireExample example) throws IOException {
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            for (WireExample.Step step : example.steps()) {
                if (step.client() && step.ends()) {
                    peer.end();
                } else if (step.client()) {
                    peer.say(step.octets());
                } else if (step.ends()) {
                    assertThat(peer.hearAll()).isEmpty();
                } else {
                    assertThat(peer.hear(step.octets().length)).isEqualTo(step.said());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersTheSameOctetByOctet(WireExample example) throws IOException {
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            for (byte octet : example.said(true)) {
                try {
                    peer.say(new byte[] {octet});
                } catch (SocketException refusedAndClosed) {
                    break;
                }
            }
            if (example.ends(true)) {
                peer.end();
            }
            assertThat(peer.hearAll()).isEqualTo(WireExample.text(example.said(false)));
        }
    }

    @Test
    void countsEachOutcomeOnce() throws IOException {
        try (Server server = new Server()) {
            try (Peer peer = new Peer(server.port())) {
                peer.say("Hello");
                assertThat(peer.hearAll()).isEqualTo("World");
            }
            try (Peer peer = new Peer(server.port())) {
                peer.say("GREETING/2\nHello a\nWho\nHello\nHowdy\nHello b\n");
                assertThat(peer.hearAll()).startsWith("GREETING/2\nWorld a\nNode greeter-0\nWorld\nError bad-greeting");
            }
            try (Peer peer = new Peer(server.port())) {
                assertThat(peer.end().hearAll()).isEmpty();
            }
            server.awaitTally(3, 1, 0);
            assertThat(server.exchanges())
                    .extracting(Exchange::form, Exchange::outcome, Exchange::token, Exchange::reason, Exchange::octets)
                    .containsExactly(
                            tuple(Form.ONESHOT, Outcome.ANSWERED, null, null, 5),
                            tuple(Form.SESSION, Outcome.ANSWERED, "a", null, 8),
                            tuple(Form.SESSION, Outcome.ANSWERED, null, null, 6),
                            tuple(Form.SESSION, Outcome.REFUSED, null, "bad-greeting", 6));
        }
    }

    @Test
    void refusesARequestThatTheClientsGoingCuts() throws IOException {
        try (Server server = new Server()) {
            try (Peer peer = new Peer(server.port())) {
                peer.say("GREETING/2\nHello a\nHel");
                assertThat(peer.hear("GREETING/2\nWorld a\n".length())).endsWith("World a\n");
                peer.reset();
            }
            server.awaitTally(1, 1, 0);
            assertThat(server.exchanges().get(1))
                    .returns("closed", Exchange::reason)
                    .returns(3, Exchange::octets);
        }
    }

    @Test
    void failsWhatCouldNotBeHandedOver() throws IOException {
        try (Server server = new Server()) {
            try (Peer peer = new Peer(server.port(), 4_096)) {
                peer.say("GREETING/2\n");
                peer.sayForEver(A_LOT);
                awaitStuck(server);
                peer.reset();
            }
            // what it had read and answered, but the kernel would not take
            await().until(() -> server.tally().failed() > 0);
            assertThat(server.exchanges()).last().returns("closed", Exchange::reason);
        }
    }

    @Test
    void answersAnyDepthOfPipeliningInOrder() throws Exception {
        int lines = 200_000;
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            String said =
                    IntStream.range(0, lines).mapToObj(i -> "Hello " + i + "\n").collect(Collectors.joining());
            String expected =
                    IntStream.range(0, lines).mapToObj(i -> "World " + i + "\n").collect(Collectors.joining());
            peer.sayBeside("GREETING/2\n" + said);
            assertThat(peer.hearAll()).isEqualTo("GREETING/2\n" + expected);
            server.awaitTally(lines, 0, 0);
        }
    }

    @Test
    void growsNoMemoryForPeersThatNeverRead() throws Exception {
        int peers = 20;
        try (Server server = new Server()) {
            long before = PlatformDependent.usedDirectMemory();
            List<Peer> open = new ArrayList<>();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < peers; i++) {
                Peer peer = new Peer(server.port(), 4_096);
                open.add(peer.say("GREETING/2\n"));
                writers.add(peer.sayForEver(A_LOT));
            }
            awaitStuck(server);
            // each holds a read's answers and one read more, not what its peer could send
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(32L << 20);
            for (Peer peer : open) {
                peer.reset();
            }
            for (Thread writer : writers) {
                writer.join();
            }
            await().until(() -> server.ledger
                            .stats(dev.greeter.bus.Stats.Scope.NODE, java.time.Instant.now(), 0)
                            .nodes()
                            .get(0)
                            .connections()
                    == 0);
        }
    }

    @Test
    void readsTrailingOctetsSoThatNoResetEatsTheAnswer() throws Exception {
        int clients = 300;
        String trailing = "x".repeat(3_000);
        ExecutorService threads = Executors.newFixedThreadPool(30);
        try (Server server = new Server()) {
            List<Callable<String>> greetings = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                greetings.add(() -> {
                    try (Peer peer = new Peer(server.port())) {
                        peer.say("Hello").say(trailing.substring(0, 1_500)).say(trailing.substring(1_500));
                        return peer.hearAll();
                    }
                });
            }
            for (java.util.concurrent.Future<String> heard : threads.invokeAll(greetings)) {
                assertThat(heard.get()).isEqualTo("World");
            }
            server.awaitTally(clients, 0, 0);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void answersWhatComesAfterTheAnswerByNoReset() throws IOException {
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            assertThat(peer.say("Hello").hearAll()).isEqualTo("World");
            // a reset would fail the second or the third, as loopback delivers it within the first
            peer.say("x".repeat(1_000)).say("x".repeat(1_000)).say("x".repeat(1_000));
            server.awaitTally(1, 0, 0);
        }
    }

    @Test
    void endsAConnectionThatSendsForEverAfterTheAnswer() throws IOException {
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            peer.say("Hello");
            assertThat(peer.hearAll()).isEqualTo("World");
            byte[] chunk = new byte[64 * 1024];
            await().untilAsserted(
                            () -> assertThatThrownBy(() -> peer.say(chunk)).isInstanceOf(SocketException.class));
        }
    }

    @Test
    void refusesAClientThatDoesNotFinishItsFirstRequestInTime() throws IOException {
        try (Server server = new Server(with(Duration.ofMillis(150), Duration.ofSeconds(30)));
                Peer peer = new Peer(server.port())) {
            assertThat(peer.say("Hel").hearAll()).isEqualTo(said("timeout"));
            server.awaitTally(0, 1, 0);
        }
    }

    @Test
    void doesNotCountAClientThatSaysNothingInTime() throws IOException {
        try (Server server = new Server(with(Duration.ofMillis(150), Duration.ofSeconds(30)));
                Peer peer = new Peer(server.port())) {
            assertThat(peer.hearAll()).isEqualTo(said("timeout"));
            peer.leave();
            try (Peer next = new Peer(server.port())) {
                next.say("Hello").hearAll();
            }
            server.awaitTally(1, 0, 0);
        }
    }

    @Test
    void endsAnIdleSession() throws IOException {
        try (Server server = new Server(with(Duration.ofSeconds(30), Duration.ofMillis(150)));
                Peer peer = new Peer(server.port())) {
            assertThat(peer.say("GREETING/2\n").hearAll()).isEqualTo(said("timeout-in-session"));
            server.awaitTally(0, 0, 0);
        }
    }

    @Test
    void doesNotTakeTricklingOctetsForActivity() throws IOException {
        try (Server server = new Server(with(Duration.ofSeconds(30), Duration.ofMillis(300)));
                Peer peer = new Peer(server.port())) {
            peer.say("GREETING/2\n");
            long trickle = server.vertx.setPeriodic(20, timer -> peer.trySay("x"));
            assertThat(peer.hearAll()).isEqualTo(said("timeout-in-session"));
            server.awaitTally(0, 1, 0);
            server.vertx.cancelTimer(trickle);
        }
    }

    @Test
    void refusesConnectionsOverTheLimitAndTakesThemAgainBelowIt() throws IOException {
        Config.Greeting config =
                new Config.Greeting("127.0.0.1", 0, 1, 1, Duration.ofSeconds(30), Duration.ofSeconds(30));
        try (Server server = new Server(config)) {
            try (Peer first = new Peer(server.port())) {
                first.say("GREETING/2\n").hear("GREETING/2\n".length());
                try (Peer second = new Peer(server.port())) {
                    assertThat(second.say("Hello").hearAll()).isEqualTo(said("busy"));
                }
                server.awaitTally(0, 1, 0);
                assertThat(server.exchanges().get(0).reason()).isEqualTo("busy");
                first.say("Hello\n");
                assertThat(first.hear(6)).isEqualTo("World\n");
            }
            await().untilAsserted(() -> {
                try (Peer third = new Peer(server.port())) {
                    assertThat(third.say("Hello").hearAll()).isEqualTo("World");
                }
            });
        }
    }

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
                            .stats(dev.greeter.bus.Stats.Scope.NODE, java.time.Instant.now(), 0)
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
            peer.sayForEver(A_LOT);
            awaitStuck(server);
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

    @Test
    void countsExactlyWhileTheLedgerRestarts() throws Exception {
        int sessions = 4;
        int lines = 30_000;
        Config.Greeting config =
                new Config.Greeting("127.0.0.1", 0, 1, 100, Duration.ofSeconds(30), Duration.ofSeconds(30));
        ExecutorService threads = Executors.newFixedThreadPool(sessions);
        try (Server server = new Server(config)) {
            List<java.util.concurrent.Future<String>> heard = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                Peer peer = new Peer(server.port());
                heard.add(threads.submit(() -> {
                    Thread writer = new Thread(() -> {
                        try {
                            peer.say("GREETING/2\n")
                                    .say("Hello\n".repeat(lines))
                                    .end();
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    });
                    writer.start();
                    return peer.hearAll();
                }));
            }
            for (int i = 0; i < 5; i++) {
                server.stopLedger();
                server.startLedger();
            }
            for (java.util.concurrent.Future<String> all : heard) {
                assertThat(all.get()).hasSize("GREETING/2\n".length() + lines * 6);
            }
            server.awaitTally((long) sessions * lines, 0, 0);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void countsExactlyThroughUndeployAndRedeployOfManyInstances() throws Exception {
        int clients = 6;
        Config.Greeting config =
                new Config.Greeting("127.0.0.1", 0, 3, 100, Duration.ofSeconds(30), Duration.ofSeconds(30));
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        AtomicBoolean over = new AtomicBoolean();
        try (Server server = new Server(config)) {
            List<java.util.concurrent.Future<Long>> heard = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                heard.add(threads.submit(() -> greetUntil(over, server)));
            }
            for (int i = 0; i < 4; i++) {
                long before = server.tally().answered();
                await().until(() -> server.tally().answered() > before + 1_000);
                Server.get(server.undeploy());
                server.deploy();
            }
            over.set(true);
            long answers = 0;
            for (java.util.concurrent.Future<Long> answered : heard) {
                answers += answered.get();
            }
            server.awaitTally(answers, 0, 0);
            assertThat(server.ledger.drained()).isPositive();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Session after session, each till the server says {@code Bye}; gives the answers that were heard. */
    private static long greetUntil(AtomicBoolean over, Server server) throws IOException {
        long answers = 0;
        while (!over.get()) {
            try (Peer peer = new Peer(server.port())) {
                peer.say("GREETING/2\n");
                peer.sayBeside("Hello\n".repeat(5_000));
                answers += peer.hearAll().lines().filter("World"::equals).count();
            } catch (SocketException notThere) {
                // between two deployments, or not accepted by a listener that was closing: nothing was heard
                Thread.onSpinWait();
            }
        }
        return answers;
    }

    @Test
    void stopsReadingWhileNobodyCounts() throws Exception {
        int lines = 100_000;
        try (Server server = new Server()) {
            server.stopLedger();
            try (Peer peer = new Peer(server.port())) {
                peer.sayBeside("GREETING/2\n" + "Hello\n".repeat(lines));
                // two batches and what one read brought on top are all that is held
                String first = peer.hear("GREETING/2\n".length() + 16_384 * 6);
                assertThat(first).endsWith("World\n");
                server.startLedger();
                assertThat(first.length() + peer.hearAll().length()).isEqualTo("GREETING/2\n".length() + lines * 6);
                server.awaitTally(lines, 0, 0);
            }
        }
    }

    private static Config.Greeting with(Duration handshakeTimeout, Duration idleTimeout) {
        return new Config.Greeting("127.0.0.1", 0, 1, 10_000, handshakeTimeout, idleTimeout);
    }

    private static String said(String example) {
        return WireExample.text(WireExample.load(example).said(false))
                .replace("GREETING/2\n", example.contains("session") ? "GREETING/2\n" : "");
    }

    /**
     * Until the peers that never read are stuck: some of theirs is answered, and nothing more, though the server is seen to
     * be at work between one look and the next.
     */
    private static void awaitStuck(Server server) {
        AtomicLong last = new AtomicLong();
        AtomicInteger unchanged = new AtomicInteger();
        AtomicInteger looks = new AtomicInteger();
        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(50))
                .until(() -> {
                    try (Peer look = new Peer(server.port())) {
                        assertThat(look.say("Hello").hearAll()).isEqualTo("World");
                    }
                    long others = server.tally().answered() - looks.incrementAndGet();
                    boolean same = last.getAndSet(others) == others && others > 0;
                    unchanged.set(same ? unchanged.get() + 1 : 0);
                    return unchanged.get() == 8;
                });
    }
}

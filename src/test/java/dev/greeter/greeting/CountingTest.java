package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.config.Config;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Each exchange is counted once, by its outcome. */
class CountingTest {
    @Test
    void countsEachOutcomeOnce() {
        try (Server server = new Server()) {
            try (RawClient peer = new RawClient(server.port())) {
                peer.send("Hello");
                assertThat(peer.rest()).isEqualTo("World");
            }
            try (RawClient peer = new RawClient(server.port())) {
                peer.send("GREETING/2\nHello a\nWho\nHello\nHowdy\nHello b\n");
                assertThat(peer.rest()).startsWith("GREETING/2\nWorld a\nNode greeter-0\nWorld\nError bad-greeting");
            }
            try (RawClient peer = new RawClient(server.port())) {
                assertThat(peer.halfClose().rest()).isEmpty();
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
    void countsEachOfThePipelinedRequestsThatAreAlike() {
        try (Server server = new Server();
                RawClient peer = new RawClient(server.port())) {
            peer.send("GREETING/2\n" + "Hello\n".repeat(20) + "Hello a\nHello a\nHello\r\nHello\n");
            String answers = "World\n".repeat(20) + "World a\nWorld a\nWorld\nWorld\n";
            assertThat(peer.octets(("GREETING/2\n" + answers).length())).endsWith(answers);
            server.awaitTally(24, 0, 0);
            assertThat(server.exchanges()).hasSize(24);
            assertThat(server.exchanges().subList(19, 24))
                    .extracting(Exchange::token, Exchange::octets)
                    .containsExactly(tuple(null, 6), tuple("a", 8), tuple("a", 8), tuple(null, 7), tuple(null, 6));
        }
    }

    @Test
    void refusesARequestThatTheClientsGoingCuts() {
        try (Server server = new Server()) {
            try (RawClient peer = new RawClient(server.port())) {
                peer.send("GREETING/2\nHello a\nHel");
                assertThat(peer.octets("GREETING/2\nWorld a\n".length())).endsWith("World a\n");
                peer.reset();
            }
            server.awaitTally(1, 1, 0);
            assertThat(server.exchanges().get(1))
                    .returns("closed", Exchange::reason)
                    .returns(3, Exchange::octets);
        }
    }

    @Test
    void countsExactlyWhileTheLedgerRestarts() throws Exception {
        int sessions = 4;
        int lines = 30_000;
        Config.Greeting config =
                Configs.greeting("127.0.0.1", 0, 1, 100, Duration.ofSeconds(30), Duration.ofSeconds(30));
        ExecutorService threads = Executors.newFixedThreadPool(sessions);
        try (Server server = new Server(config)) {
            List<java.util.concurrent.Future<String>> heard = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                RawClient peer = new RawClient(server.port());
                heard.add(threads.submit(() -> {
                    peer.sendLastInBackground("GREETING/2\n" + "Hello\n".repeat(lines));
                    return peer.rest();
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
                Configs.greeting("127.0.0.1", 0, 3, 100, Duration.ofSeconds(30), Duration.ofSeconds(30));
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
                server.undeploy().await();
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
    private static long greetUntil(AtomicBoolean over, Server server) {
        long answers = 0;
        while (!over.get()) {
            try (RawClient peer = new RawClient(server.port())) {
                peer.send("GREETING/2\n");
                peer.sendLastInBackground("Hello\n".repeat(5_000));
                answers += peer.rest().lines().filter("World"::equals).count();
            } catch (UncheckedIOException notThere) {
                assertThat(notThere).hasCauseInstanceOf(SocketException.class);
                // between two deployments, or not accepted by a listener that was closing: nothing was heard
                Thread.onSpinWait();
            }
        }
        return answers;
    }
}

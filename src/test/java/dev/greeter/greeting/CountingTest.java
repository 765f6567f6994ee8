package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.config.Config;
import java.io.IOException;
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
}

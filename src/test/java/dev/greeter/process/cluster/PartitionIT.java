package dev.greeter.process.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.process.cluster.BadLink.Trouble;
import dev.greeter.testing.Balancer;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes with addresses of their own, as pods have. The network parts one from the others for a while, or loses, delays,
 * duplicates and reorders its packets. Clients of each node are with it, on its side.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class PartitionIT {
    private static final int NODES = 3;
    private static final int CUT_OFF = 0;
    private static final Duration THINK_TIME = Duration.ofMillis(20);

    /** A cluster that was parted takes half a minute to be one again, and a busy machine some times that. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** Of each kind; longer with {@code -Dgreeter.trouble=60}. */
    private static final Duration TROUBLE = Duration.ofSeconds(Integer.getInteger("greeter.trouble", 10));

    @TempDir
    Path folder;

    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
    private final List<GreeterProcess> nodes = new ArrayList<>();
    private final List<Balancer> gates = new ArrayList<>();
    private final List<GreetingLoad> loads = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.removeLast().close();
        }
    }

    @Test
    void answersOnBothSidesAndAgreesAgainAfterIt() throws Exception {
        PodNetwork network = opened(PodNetwork.create(NODES));
        start(network);

        network.cutOff(CUT_OFF);
        awaitPartial(true);
        awaitClusterOf("greeter-0", 0);
        awaitClusterOf("greeter-1,greeter-2", 1, 2);
        GreetingLoad.awaitProgress(loads);

        network.join(CUT_OFF);
        GreetingLoad.awaitProgress(loads);
        assertNothingLostAndAllAgree();
    }

    /** Every client is beside its node, so only what nodes tell each other has trouble. */
    @Test
    void answersInSpiteOfABadNetworkAndAgreesAfterIt() throws Exception {
        PodNetwork network = opened(PodNetwork.createWithBadLink(NODES));
        start(network);

        for (Trouble trouble : EnumSet.complementOf(EnumSet.of(Trouble.NONE))) {
            network.trouble(trouble);
            long until = System.nanoTime() + TROUBLE.toNanos();
            do {
                GreetingLoad.awaitProgress(loads);
            } while (System.nanoTime() - until < 0);
            assertThat(network.trouble(Trouble.NONE))
                    .as("packets with " + trouble)
                    .isPositive();
        }
        assertNothingLostAndAllAgree();
    }

    /** Starts all nodes, at once, and clients of each. */
    private void start(PodNetwork network) throws Exception {
        String members = IntStream.range(0, NODES)
                .mapToObj(pod -> network.address(pod) + ":5701")
                .collect(Collectors.joining(","));
        List<CompletableFuture<GreeterProcess>> starts = IntStream.range(0, NODES)
                .mapToObj(pod -> CompletableFuture.supplyAsync(() -> start(network, pod, members)))
                .toList();
        // whatever became of them: those that started are closed at the end
        CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null)
                .join();
        for (int pod = 0; pod < NODES; pod++) {
            nodes.add(starts.get(pod).join());
            gates.add(opened(Balancer.into(network.namespace(pod), folder)));
            gates.get(pod).put(0, nodes.get(pod));
        }
        awaitPartial(false);
        for (int pod = 0; pod < NODES; pod++) {
            loads.add(opened(load(gates.get(pod))));
        }
        GreetingLoad.awaitProgress(loads);
    }

    private void assertNothingLostAndAllAgree() throws Exception {
        for (GreetingLoad load : loads) {
            load.stop();
            assertThat(load.turnedAway).isEmpty();
            assertThat(load.lost).isEmpty();
        }
        awaitPartial(false);
        long greeted = loads.stream().mapToLong(GreetingLoad::greeted).sum();
        long got = loads.stream().mapToLong(GreetingLoad::got).sum();
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int pod = 0; pod < NODES; pod++) {
                assertThat(answered(pod, "greeting"))
                        .as("greetings, as node " + pod + " knows")
                        .isEqualTo(greeted);
                assertThat(answered(pod, "http"))
                        .as("pages, as node " + pod + " knows")
                        .isEqualTo(got);
            }
        });
        for (GreeterProcess node : nodes) {
            assertThat(node.stackTraces()).isEmpty();
        }
    }

    private GreeterProcess start(PodNetwork network, int pod, String members) {
        try {
            return opened(GreeterProcess.serveBy(
                    network.in(pod),
                    folder,
                    "node.name=greeter-" + pod,
                    "cluster.enabled=true",
                    "cluster.members=" + members));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GreetingLoad load(Balancer gate) {
        return new GreetingLoad(THINK_TIME)
                .oneShot(1, gate.greetingPort())
                .sessions(1, gate.greetingPort())
                .pages(1, gate.httpPort())
                .pagesKeptAlive(1, gate.httpPort());
    }

    /** Waits until these nodes have come to terms with being the only ones, as a cluster of their own. */
    private void awaitClusterOf(String names, int... pods) {
        for (int pod : pods) {
            await().atMost(PATIENCE)
                    .until(() -> names.equals(nodes.get(pod).line("cluster").getString("nodes")));
        }
    }

    private void awaitPartial(boolean partial) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int pod = 0; pod < NODES; pod++) {
                assertThat(stats(pod).getBoolean("partial", false))
                        .as("node " + pod + ": " + stats(pod))
                        .isEqualTo(partial);
            }
        });
    }

    private long answered(int pod, String protocol) throws IOException, InterruptedException {
        return stats(pod).getJsonObject("totals").getJsonObject(protocol).getLong("answered");
    }

    private JsonObject stats(int pod) throws IOException, InterruptedException {
        return new JsonObject(
                nodes.get(pod).get(gates.get(pod).httpPort(), "/stats").body());
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }
}

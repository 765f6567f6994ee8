package dev.greeter.bench.cluster;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeBatch;
import dev.greeter.bus.Form;
import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.cluster.Cluster;
import dev.greeter.config.Config;
import dev.greeter.ledger.ClusterLedger;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Nodes in this process, each with the service's own ledger, sharing and cluster manager, and without servers. */
final class Nodes {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int FIRST_PORT = 15_701;

    /** Exchanges of each protocol that each node has counted: its entry grows with them, most at first. */
    private static final int COUNTED = 100_000;

    /** The standard deviation of the logarithm of a service time: most take 20 to 500 microseconds, some far longer. */
    private static final double SPREAD = 1.5;

    /** Members that join at the same time: with more, two cores take longer than a member waits. */
    private static final int AT_ONCE = 2;

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final DeliveryOptions PATIENT = new DeliveryOptions().setSendTimeout(5_000);
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final JsonObject QUERY = new JsonObject().put("scope", "cluster");

    private final int nodes;
    private final int memberCount;
    private final int load;
    private final Random random = new Random(1);
    private final List<Vertx> members = new ArrayList<>();
    private final AtomicLong loaded = new AtomicLong();
    private final List<Long> timers = new ArrayList<>();

    Nodes(Options options) {
        nodes = options.nodes();
        memberCount = options.members();
        load = options.load();
    }

    /** Starts the members of the cluster. */
    void join() throws Exception {
        members.add(get(member(0)));
        for (int first = 1; first < memberCount; first += AT_ONCE) {
            List<Future<Vertx>> joining = IntStream.range(first, Math.min(first + AT_ONCE, memberCount))
                    .mapToObj(Nodes::member)
                    .toList();
            for (Future<Vertx> one : joining) {
                members.add(get(one));
            }
        }
        members.forEach(member -> LocalCodec.register(member.eventBus()));
    }

    /** Starts the nodes' ledgers. */
    void deploy() throws Exception {
        for (int node = 0; node < nodes; node++) {
            deploy(node);
        }
    }

    /** Lets each node count, in two batches a second: the ledgers of one member get its batches in turn. */
    void load() {
        if (load == 0) {
            return;
        }
        for (int node = 0; node < nodes; node++) {
            Vertx member = members.get(node % members.size());
            String source = "load-" + node;
            AtomicLong sequence = new AtomicLong();
            timers.add(member.setPeriodic(1 + random.nextInt(999), 1_000, timer -> {
                for (Protocol protocol : Protocol.values()) {
                    member.eventBus()
                            .send(
                                    Addresses.EXCHANGES,
                                    new ExchangeBatch(
                                            source,
                                            sequence.incrementAndGet(),
                                            protocol,
                                            1,
                                            0,
                                            0,
                                            exchanges(protocol, load)),
                                    LOCAL);
                }
                loaded.addAndGet(load);
            }));
        }
    }

    void stopLoad() {
        for (int node = 0; node < timers.size(); node++) {
            members.get(node % members.size()).cancelTimer(timers.get(node));
        }
    }

    private static Future<Vertx> member(int number) {
        Config.Cluster config = new Config.Cluster(
                true,
                "bench",
                LOOPBACK,
                FIRST_PORT + number,
                0,
                List.of(LOOPBACK + ":" + FIRST_PORT, LOOPBACK + ":" + (FIRST_PORT + number)),
                "",
                new Config.Cluster.BusTls("", "", ""));
        return new Cluster(config).join(Vertx.builder(), new VertxOptions().setEventLoopPoolSize(2));
    }

    private void deploy(int number) throws Exception {
        Ledger ledger = new Ledger(new Node("greeter-" + number, "bench", "bench", Instant.now()), 0);
        for (Protocol protocol : Protocol.values()) {
            ledger.count(
                    new ExchangeBatch("source-" + number, 1, protocol, 1, 0, 0, exchanges(protocol, COUNTED)),
                    System.nanoTime());
        }
        get(members.get(number % members.size())
                .deployVerticle(new LedgerVerticle(ledger, new ClusterLedger(ledger)), new DeploymentOptions()));
    }

    /** Their median is about 100 microseconds. */
    private List<Exchange> exchanges(Protocol protocol, int count) {
        Form form = protocol == Protocol.GREETING ? Form.ONESHOT : Form.PAGE;
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long micros = Math.round(100 * Math.exp(SPREAD * random.nextGaussian()));
            exchanges.add(new Exchange(
                    Instant.now(), protocol, form, Outcome.ANSWERED, "127.0.0.1:1", null, null, 5, micros));
        }
        return exchanges;
    }

    /** Waits until as many consecutive queries as there are nodes are answered in full: the nodes answer in turn. */
    void awaitAgreement() throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        int agreeing = 0;
        while (agreeing < nodes) {
            JsonObject stats = query();
            long greeted = (long) COUNTED * nodes + loaded.get();
            long answered =
                    stats.getJsonObject("totals").getJsonObject("greeting").getLong("answered");
            boolean complete = answered == greeted && !stats.getBoolean("partial", false);
            agreeing = complete ? agreeing + 1 : 0;
            if (System.nanoTime() > end) {
                throw new IllegalStateException("after " + LIMIT.toSeconds() + " s " + stats.getString("node")
                        + " knows " + answered + " greetings of " + greeted);
            }
            if (!complete) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    /** Requests the cluster's stats from a random member. */
    JsonObject query() throws Exception {
        Vertx asking = members.get(random.nextInt(members.size()));
        Message<JsonObject> answer = get(asking.eventBus().request(Addresses.STATS, QUERY, PATIENT));
        return answer.body();
    }

    /** The octets of the entries of each shared map, by its name. */
    Map<String, LongSummaryStatistics> mapOctets() throws Exception {
        Map<String, LongSummaryStatistics> octets = new TreeMap<>();
        for (String name :
                List.of(Addresses.TALLIES, Addresses.LATENCIES, Addresses.RETIRED_TALLIES, Addresses.MERGED)) {
            Map<String, Object> entries = get(members.get(0)
                    .sharedData()
                    .<String, Object>getAsyncMap(name)
                    .compose(map -> map.entries()));
            octets.put(
                    name,
                    entries.entrySet().stream()
                            .mapToLong(entry -> entry.getKey().length() + octets(entry.getValue()))
                            .summaryStatistics());
        }
        return octets;
    }

    private static long octets(Object value) {
        return value instanceof byte[] octets ? octets.length : value.toString().length();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}

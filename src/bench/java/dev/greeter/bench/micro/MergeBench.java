package dev.greeter.bench.micro;

import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.RetiredTallies;
import dev.greeter.bus.Stats;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Merging the counts of a hundred runs of nodes, and reading them from the wire; each run is an operation. */
@State(Scope.Thread)
public class MergeBench {
    private static final int RUNS = 100;

    private final RetiredTallies one = tallies(1);
    private final RetiredTallies other = tallies(2);
    private final String text = one.toJson().encode();

    private static RetiredTallies tallies(long version) {
        SortedMap<String, RetiredTallies.Run> runs = new TreeMap<>();
        for (int i = 0; i < RUNS; i++) {
            Stats.Tally tally = new Stats.Tally(100_000L + i, i, 0);
            runs.put(
                    "greeter-" + i + "/run",
                    new RetiredTallies.Run(version, Instant.EPOCH, PerProtocol.of(protocol -> tally)));
        }
        return RetiredTallies.NONE.plus(runs, PerProtocol.of(protocol -> ""));
    }

    @Benchmark
    @OperationsPerInvocation(RUNS)
    public RetiredTallies join() {
        return one.join(other);
    }

    @Benchmark
    @OperationsPerInvocation(RUNS)
    public RetiredTallies read() {
        return RetiredTallies.fromJson(new JsonObject(text));
    }
}

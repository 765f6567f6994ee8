package dev.greeter.cli;

import static dev.greeter.bus.Stats.Scope.CLUSTER;

import dev.greeter.bus.Node;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Stats;
import dev.greeter.bus.Stats.State;
import java.time.Instant;
import java.util.List;

/** Stats with a name, and what is printed of them. */
final class StatsSample {
    static final Stats TWO_NODES = new Stats(
            CLUSTER,
            "greeter-0",
            Instant.parse("2026-11-23T06:16:00.123Z"),
            new PerProtocol<>(new Stats.Tally(1_234_567, 2, 0), new Stats.Tally(89, 0, 1)),
            new PerProtocol<>(new Stats.Rate(1_200, 98.25), new Stats.Rate(0, 0.5)),
            new PerProtocol<>(new Stats.Latency(12, 999, 1_000, 8_349), new Stats.Latency(0, 0, 999_999, 61_000_000)),
            List.of(
                    new Stats.NodeShare(
                            new Node("greeter-0", "pod-a", "1.0.0", Instant.parse("2026-11-23T06:00:00.000Z")),
                            State.LIVE,
                            1_003,
                            new PerProtocol<>(new Stats.Tally(1_000_000, 2, 0), new Stats.Tally(89, 0, 1))),
                    new Stats.NodeShare(
                            new Node("g1", "pod-b", "1.0.0", Instant.parse("2026-11-22T06:00:00.000Z")),
                            State.GONE,
                            0,
                            new PerProtocol<>(new Stats.Tally(234_567, 0, 0), new Stats.Tally(0, 0, 0)))),
            false);

    static final String TABLE = """
            cluster, answered by greeter-0 at 2026-11-23T06:16:00Z

                       answered  refused  failed    rate 1s  rate 1m   p50    p90       p99    max
            greeting  1,234,567        2       0  1,200.0/s   98.3/s  12us  999us     1.0ms  8.3ms
            http             89        0       1      0.0/s    0.5/s   0us    0us  1000.0ms  61.0s

            node       state  connections   greeting  http  version  started               host
            greeter-0  live         1,003  1,000,002    90  1.0.0    2026-11-23T06:00:00Z  pod-a
            g1         gone             0    234,567     0  1.0.0    2026-11-22T06:00:00Z  pod-b
            """;

    private StatsSample() {}
}

package dev.greeter.cli;

import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.client.TerminalText;
import dev.greeter.probe.measure.Units;
import dev.greeter.probe.report.TextTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Stats for people, in plain ASCII. */
final class StatsTable {
    private StatsTable() {}

    static String of(Stats stats) {
        StringBuilder text = new StringBuilder("%s, answered by %s at %s\n"
                .formatted(stats.scope().label(), TerminalText.brief(stats.node()), shown(stats.at())));
        if (stats.partial()) {
            text.append("partial: some of the cluster does not answer, or was killed\n");
        }
        return text.append('\n')
                .append(TextTable.of(protocols(stats), Set.of(0)))
                .append('\n')
                .append(TextTable.of(nodes(stats), Set.of(0, 1, 5, 6, 7)))
                .toString();
    }

    private static List<List<String>> protocols(Stats stats) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "answered", "refused", "failed", "rate 1s", "rate 1m", "p50", "p90", "p99", "max"));
        for (Protocol protocol : Protocol.values()) {
            Stats.Tally tally = stats.totals().get(protocol);
            Stats.Rate rate = stats.rates().get(protocol);
            Stats.Latency latency = stats.latency().get(protocol);
            rows.add(List.of(
                    protocol.label(),
                    Units.count(tally.answered()),
                    Units.count(tally.refused()),
                    Units.count(tally.failed()),
                    rate(rate.lastSecond()),
                    rate(rate.lastMinute()),
                    Units.latency(latency.p50()),
                    Units.latency(latency.p90()),
                    Units.latency(latency.p99()),
                    Units.latency(latency.max())));
        }
        return rows;
    }

    private static List<List<String>> nodes(Stats stats) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("node", "state", "connections", "greeting", "http", "version", "started", "host"));
        for (Stats.NodeShare share : stats.nodes()) {
            PerProtocol<String> totals = share.totals().map(tally -> Units.count(tally.total()));
            rows.add(List.of(
                    TerminalText.brief(share.node().name()),
                    share.state().label(),
                    Units.count(share.connections()),
                    totals.greeting(),
                    totals.http(),
                    TerminalText.brief(share.node().version()),
                    shown(share.node().startedAt()),
                    TerminalText.brief(share.node().host())));
        }
        return rows;
    }

    private static String shown(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, "%,.1f/s", perSecond);
    }
}

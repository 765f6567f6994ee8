package dev.greeter.process.endurance;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What came out of rollouts.
 *
 * @param exchanges that the probe made
 * @param losses by the probe's classes, but those that are its own
 * @param probesOwn losses that the probe's machine is to blame for
 * @param moved lines of sessions that a node returned by {@code Bye}, and another one answered
 * @param twice exchanges that the nodes counted more than once
 * @param missing exchanges that were answered and not counted
 * @param exitCodes how many nodes ended with each
 * @param findings one line for each thing that is not as it should be
 */
record RolloutTotals(
        int rollouts,
        long exchanges,
        Map<String, Long> losses,
        Map<String, Long> probesOwn,
        long moved,
        long twice,
        long missing,
        Map<Integer, Long> exitCodes,
        List<String> findings) {
    static final RolloutTotals NONE = new RolloutTotals(0, 0, Map.of(), Map.of(), 0, 0, 0, Map.of(), List.of());

    /** Rollouts of which one did not come to its end, so that nothing can be compared. */
    static RolloutTotals notFinished(int rollouts, String why) {
        return new RolloutTotals(rollouts, 0, Map.of(), Map.of(), 0, 0, 0, Map.of(), List.of("not finished: " + why));
    }

    RolloutTotals plus(RolloutTotals more) {
        return new RolloutTotals(
                rollouts + more.rollouts,
                exchanges + more.exchanges,
                sum(losses, more.losses),
                sum(probesOwn, more.probesOwn),
                moved + more.moved,
                twice + more.twice,
                missing + more.missing,
                sum(exitCodes, more.exitCodes),
                Stream.concat(findings.stream(), more.findings.stream()).toList());
    }

    boolean isClean() {
        return losses.isEmpty()
                && twice == 0
                && missing == 0
                && Set.of(0).containsAll(exitCodes.keySet())
                && findings.isEmpty();
    }

    private static <K> Map<K, Long> sum(Map<K, Long> some, Map<K, Long> more) {
        TreeMap<K, Long> sum = new TreeMap<>(some);
        more.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return sum;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d rollouts, %,d exchanges: lost %s, counted twice %d, not counted %d, exit codes %s, moved %,d,"
                        + " the probe's own losses %s",
                rollouts,
                exchanges,
                losses.isEmpty() ? "0" : losses,
                twice,
                missing,
                exitCodes,
                moved,
                probesOwn.isEmpty() ? "0" : probesOwn);
    }
}

package dev.greeter.ledger;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.RetiredTallies;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What one side of the cluster holds. */
final class Side {
    final Map<String, String> tallies = new HashMap<>();
    final Map<String, String> latencies = new HashMap<>();
    final Map<String, String> retired = new HashMap<>();
    final Map<String, byte[]> merged = new HashMap<>();

    Side copy() {
        Side copy = new Side();
        copy.putAll(this);
        return copy;
    }

    void putAll(Side other) {
        tallies.putAll(other.tallies);
        latencies.putAll(other.latencies);
        retired.putAll(other.retired);
        merged.putAll(other.merged);
    }

    long known(String key) {
        String tally = tallies.get(key);
        return Math.max(
                tally == null ? 0 : NodeTally.fromJson(new JsonObject(tally)).version(),
                retired().version(key));
    }

    RetiredTallies retired() {
        String text = retired.get(Addresses.RETIRED_TALLIES);
        return text == null ? RetiredTallies.NONE : RetiredTallies.fromJson(new JsonObject(text));
    }

    /** The highest version of a run's tally among merged tallies. */
    static long merged(Map<String, byte[]> entries, String key) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("content"))
                .flatMap(entry -> rows(entry.getValue(), entries.values()))
                .map(MergedTallies.Row::tally)
                .filter(tally -> tally.key().equals(key))
                .mapToLong(NodeTally::version)
                .max()
                .orElse(0);
    }

    private static Stream<MergedTallies.Row> rows(byte[] content, Collection<byte[]> rosters) {
        try {
            for (byte[] roster : rosters) {
                if (Beat.id(roster) == MergedTallies.rosterOf(content)) {
                    return MergedTallies.decode(content, Roster.decode(roster)).rows().stream();
                }
            }
            return Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.greeter.ledger;

import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The histograms of the other runs and of the retired ones, of which the node that merges keeps the sum. Used by one thread at a time. */
final class OtherLatencies {
    private static final PerProtocol<String> NONE = PerProtocol.of(protocol -> "");

    private final Map<String, Entry> entries = new HashMap<>();
    private PerProtocol<String> retired = NONE;
    /** Null until it is asked for. */
    private @Nullable PerProtocol<Histogram> sum;

    private long changes;
    private @Nullable PerProtocol<Stats.Latency> percentiles;
    private long percentilesOf;

    private record Entry(long version, PerProtocol<String> texts) {
        /** Null for what is no entry of the map, because counts matter more than percentiles. */
        static @Nullable Entry of(String text) {
            String[] parts = text.split(" ", -1);
            try {
                return parts.length == 3
                        ? new Entry(Long.parseLong(parts[0]), new PerProtocol<>(parts[1], parts[2]))
                        : null;
            } catch (NumberFormatException bad) {
                return null;
            }
        }
    }

    /** @param text the value of the map's entry */
    void put(String key, String text) {
        Entry entry = Entry.of(text);
        if (entry != null && entry.version > version(key)) {
            Entry before = entries.put(key, entry);
            replace(before == null ? NONE : before.texts, entry.texts);
        }
    }

    /** The version of a run's histograms, 0 if there are none. */
    long version(String key) {
        Entry entry = entries.get(key);
        return entry == null ? 0 : entry.version;
    }

    void retired(PerProtocol<String> texts) {
        if (!texts.equals(retired)) {
            replace(retired, texts);
            retired = texts;
        }
    }

    void retain(Set<String> keys) {
        if (entries.keySet().retainAll(keys)) {
            sum = null;
            changes++;
        }
    }

    void clear() {
        retain(Set.of());
    }

    /** Of all, together with this node's own histograms. */
    PerProtocol<Stats.Latency> percentiles(PerProtocol<Histogram> own) {
        // all only grow, so their sum changes whenever one of them does
        long state = changes + own.greeting().getTotalCount() + own.http().getTotalCount();
        PerProtocol<Stats.Latency> known = percentiles;
        if (known == null || state != percentilesOf) {
            PerProtocol<Histogram> all = sum().merge(own, (others, mine) -> {
                Histogram both = others.copy();
                both.add(mine);
                return both;
            });
            known = all.map(LatencyHistograms::percentiles);
            percentiles = known;
            percentilesOf = state;
        }
        return known;
    }

    private PerProtocol<Histogram> sum() {
        PerProtocol<Histogram> known = sum;
        if (known == null) {
            known = sum(entries.keySet());
            sum = known;
        }
        return known;
    }

    /** Of these runs and the retired ones. */
    PerProtocol<Histogram> sum(Collection<String> keys) {
        PerProtocol<Histogram> some = PerProtocol.of(protocol -> LatencyHistograms.create());
        add(some, retired);
        for (String key : keys) {
            Entry entry = entries.get(key);
            if (entry != null) {
                add(some, entry.texts);
            }
        }
        return some;
    }

    private static void add(PerProtocol<Histogram> sum, PerProtocol<String> texts) {
        for (Protocol protocol : Protocol.values()) {
            LatencyHistograms.add(sum.get(protocol), texts.get(protocol));
        }
    }

    /** One run's histograms change at a time, and to add all of a large cluster up again would take long. */
    private void replace(PerProtocol<String> before, PerProtocol<String> after) {
        changes++;
        PerProtocol<Histogram> known = sum;
        if (known != null) {
            add(known, after);
            for (Protocol protocol : Protocol.values()) {
                if (!LatencyHistograms.subtract(known.get(protocol), before.get(protocol))) {
                    sum = null;
                }
            }
        }
    }
}

package dev.greeter.probe.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Losses of one form put together to intervals: those of one name that are not further apart than a gap are one outage. */
final class Outages {
    /** More are counted, not told. */
    private static final int MAX_LISTED = 1_000;

    private record Name(Loss.Kind kind, @Nullable String code) {}

    private static final class Interval {
        final Loss loss;
        long first;
        long last;
        long count = 1;

        Interval(Loss loss, long at) {
            this.loss = loss;
            this.first = at;
            this.last = at;
        }
    }

    /**
     * One interval.
     *
     * @param first when the first exchange that was lost should have begun, in nanoseconds since the start
     * @param last the same of the last one
     */
    record Outage(Loss loss, long first, long last, long count) {}

    private final long gapNanos;
    private final Map<Name, Interval> open = new LinkedHashMap<>();
    private final List<Outage> over = new ArrayList<>();
    private long leftOut;

    Outages(long gapNanos) {
        this.gapNanos = gapNanos;
    }

    void lost(Loss loss, long at) {
        Name name = new Name(loss.kind(), loss.code());
        Interval interval = open.get(name);
        if (interval != null && at - interval.last <= gapNanos && interval.first - at <= gapNanos) {
            interval.first = Math.min(interval.first, at);
            interval.last = Math.max(interval.last, at);
            interval.count++;
            return;
        }
        if (interval != null) {
            end(interval);
        } else if (open.size() == MAX_LISTED) {
            // who rejects by ever new codes does not get our memory
            leftOut++;
            return;
        }
        open.put(name, new Interval(loss, at));
    }

    private void end(Interval interval) {
        if (over.size() < MAX_LISTED) {
            over.add(list(interval));
        } else {
            leftOut++;
        }
    }

    /** In the order of their beginnings. */
    List<Outage> list() {
        List<Outage> all = new ArrayList<>(over);
        open.values().forEach(interval -> all.add(list(interval)));
        all.sort(Comparator.comparingLong(Outage::first));
        return all;
    }

    /** How many are not told, as there were too many. */
    long leftOut() {
        return leftOut;
    }

    private static Outage list(Interval interval) {
        return new Outage(Objects.requireNonNull(interval.loss), interval.first, interval.last, interval.count);
    }
}

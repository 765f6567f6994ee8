package dev.greeter.probe.measure;

import dev.greeter.probe.measure.ScenarioResult.Outage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Losses of one scenario, put together to intervals: those of one class and code that are not further apart than a gap are one
 * outage. Times are nanoseconds since the start.
 */
final class Outages {
    /** More are counted, not listed. */
    private static final int MAX_LISTED = 1_000;

    private record LossClass(Loss.Kind kind, @Nullable String code) {}

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

    private final Instant startedAt;
    private final long gapNanos;
    private final Map<LossClass, Interval> open = new LinkedHashMap<>();
    private final List<Outage> over = new ArrayList<>();
    private long leftOut;

    Outages(Instant startedAt, long gapNanos) {
        this.startedAt = startedAt;
        this.gapNanos = gapNanos;
    }

    void lost(Loss loss, long at) {
        LossClass name = new LossClass(loss.kind(), loss.code());
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
            // a server that rejects by ever new codes does not get our memory
            leftOut++;
            return;
        }
        open.put(name, new Interval(loss, at));
    }

    private void end(Interval interval) {
        if (over.size() < MAX_LISTED) {
            over.add(outage(interval));
        } else {
            leftOut++;
        }
    }

    /** Returns the outages in the order of their beginnings. */
    List<Outage> list() {
        List<Outage> all = new ArrayList<>(over);
        open.values().forEach(interval -> all.add(outage(interval)));
        all.sort(Comparator.comparing(Outage::first));
        return all;
    }

    /** How many are not listed, because there were too many. */
    long leftOut() {
        return leftOut;
    }

    private Outage outage(Interval interval) {
        return new Outage(
                interval.loss, startedAt.plusNanos(interval.first), startedAt.plusNanos(interval.last), interval.count);
    }
}

package dev.greeter.probe;

/**
 * When each exchange is meant to be made, fixed before the first one: no answer, early, late or missing, moves it. Times
 * are nanoseconds since the start. In a closed loop all are due at once, and room for them is what paces.
 */
final class Schedule {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private final long total;
    private final long endNanos;

    Schedule(Load load) {
        perSecond = load.perSecond().orElse(Double.POSITIVE_INFINITY);
        endNanos = load.duration().isZero() ? Long.MAX_VALUE : load.duration().toNanos();
        long inTime = endNanos == Long.MAX_VALUE || !isOpen()
                ? Long.MAX_VALUE
                : (long) Math.ceil(endNanos / NANOS_PER_SECOND * perSecond);
        total = Math.min(load.count().orElse(Long.MAX_VALUE), inTime);
    }

    boolean isOpen() {
        return perSecond != Double.POSITIVE_INFINITY;
    }

    /** How many there are; {@link Long#MAX_VALUE} if only the time, or nothing, ends it. */
    long total() {
        return total;
    }

    long intendedNanos(long index) {
        return isOpen() ? (long) (index / perSecond * NANOS_PER_SECOND) : 0;
    }

    /** How many are due until then. */
    long due(long elapsedNanos) {
        if (elapsedNanos < 0) {
            return 0;
        }
        if (!isOpen()) {
            return total;
        }
        long due = (long) (elapsedNanos / NANOS_PER_SECOND * perSecond);
        // the division back and forth may be off by one, and an exchange is never made before its time
        while (due < total && intendedNanos(due) <= elapsedNanos) {
            due++;
        }
        while (due > 0 && intendedNanos(due - 1) > elapsedNanos) {
            due--;
        }
        return Math.min(due, total);
    }

    /** Whether none is left to be made. */
    boolean isOver(long made, long elapsedNanos) {
        return made >= total || (!isOpen() && elapsedNanos >= endNanos);
    }
}

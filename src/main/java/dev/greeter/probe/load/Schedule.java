package dev.greeter.probe.load;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * When each exchange is meant to be made, fixed before the first one: no answer, early, late or missing, moves it. Times
 * are nanoseconds since the start, rounded down from the exact ones, so that no run of any rate and length has one exchange
 * more or less. In a closed loop all are due at once, and room for them sets the pace.
 */
public final class Schedule {
    private static final int NANO_DIGITS = 9;
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    /** A quotient of whole numbers, which is what a rate in decimals is. */
    private record Ratio(BigInteger numerator, BigInteger denominator) {
        /** The product with a whole number, rounded down; at most {@link Long#MAX_VALUE}. */
        long floorOf(long factor) {
            return clamped(numerator.multiply(BigInteger.valueOf(factor)).divide(denominator));
        }

        /** The same rounded up. */
        long ceilOf(BigInteger factor) {
            BigInteger[] parts = numerator.multiply(factor).divideAndRemainder(denominator);
            return clamped(parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE));
        }

        Ratio inverse() {
            return new Ratio(denominator, numerator);
        }

        private static long clamped(BigInteger value) {
            return value.min(MAX).longValue();
        }
    }

    private final boolean open;
    private final Ratio perNano;
    private final Ratio nanosPer;
    private final long total;
    private final long endNanos;

    public Schedule(Load load) {
        open = load.perSecond().isPresent();
        perNano = perNano(BigDecimal.valueOf(load.perSecond().orElse(1)));
        nanosPer = perNano.inverse();
        endNanos = load.duration().isZero() ? Long.MAX_VALUE : load.duration().toNanos();
        long inTime = load.duration().isZero() || !open ? Long.MAX_VALUE : perNano.ceilOf(BigInteger.valueOf(endNanos));
        total = Math.min(load.count().orElse(Long.MAX_VALUE), inTime);
    }

    boolean isOpen() {
        return open;
    }

    /** How many there are; {@link Long#MAX_VALUE} if only the time, or nothing, ends it. */
    public long total() {
        return total;
    }

    long intendedNanos(long index) {
        return open ? nanosPer.floorOf(index) : 0;
    }

    /** How many are due until then. */
    long due(long elapsedNanos) {
        if (elapsedNanos < 0) {
            return 0;
        }
        return open ? Math.min(total, within(elapsedNanos)) : total;
    }

    /** How many a schedule of this rate without an end has due until then. */
    long within(long elapsedNanos) {
        return perNano.ceilOf(BigInteger.valueOf(elapsedNanos).add(BigInteger.ONE));
    }

    /** Whether no exchange is left to be made. */
    boolean isOver(long made, long elapsedNanos) {
        return made >= total || (!open && elapsedNanos >= endNanos);
    }

    private static Ratio perNano(BigDecimal perSecond) {
        BigDecimal exact = perSecond.stripTrailingZeros();
        int scale = exact.scale() + NANO_DIGITS;
        return new Ratio(
                exact.unscaledValue().multiply(BigInteger.TEN.pow(Math.max(0, -scale))),
                BigInteger.TEN.pow(Math.max(0, scale)));
    }
}

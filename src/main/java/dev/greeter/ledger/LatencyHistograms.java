package dev.greeter.ledger;

import dev.greeter.bus.Stats;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Histograms of service time: their percentiles, and their text, which other nodes read and merge. */
final class LatencyHistograms {
    /** An hour. A longer service time counts as this. */
    static final long MAX_MICROS = 3_600_000_000L;

    private static final int SIGNIFICANT_DIGITS = 3;

    private LatencyHistograms() {}

    static Histogram create() {
        return new Histogram(MAX_MICROS, SIGNIFICANT_DIGITS);
    }

    static Stats.Latency percentiles(Histogram micros) {
        return new Stats.Latency(
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(90),
                micros.getValueAtPercentile(99),
                micros.getMaxValue());
    }

    static String encode(Histogram micros) {
        ByteBuffer octets = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
        int length = micros.encodeIntoCompressedByteBuffer(octets, Deflater.BEST_SPEED);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(octets.array(), length));
    }

    /**
     * Adds a histogram that another node encoded. A text that is none adds nothing, because counts matter more than
     * percentiles.
     */
    static void add(Histogram sum, String encoded) {
        Histogram one = decode(encoded);
        if (one != null) {
            sum.add(one);
        }
    }

    /**
     * Subtracts a histogram that {@link #add} added.
     *
     * @return false if it was not a part of the sum, which then is wrong
     */
    static boolean subtract(Histogram sum, String encoded) {
        Histogram one = decode(encoded);
        try {
            if (one != null) {
                sum.subtract(one);
            }
            return true;
        } catch (IllegalArgumentException notAPart) {
            return false;
        }
    }

    private static @Nullable Histogram decode(String encoded) {
        if (encoded.isEmpty()) {
            return null;
        }
        try {
            Histogram one = Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
            return one.lowestEquivalentValue(one.getMaxValue()) > MAX_MICROS ? null : one;
        } catch (DataFormatException | RuntimeException unreadable) {
            LoggerFactory.getLogger(LatencyHistograms.class).debug("no histogram", unreadable);
            return null;
        }
    }
}

package dev.greeter.bench.exchange;

import java.io.IOException;

/**
 * The exchanges of a load and what its server has used: up to a moment, or between two.
 *
 * @param seconds on the monotonic clock
 */
record Sample(double exchanges, double seconds, Usage usage) {
    static Sample now(Load load) throws IOException {
        return new Sample(load.exchanges(), System.nanoTime() / 1e9, Usage.of(load.server.handle()));
    }

    Sample since(Sample before) {
        return new Sample(exchanges - before.exchanges, seconds - before.seconds, usage.since(before.usage));
    }

    double perSecond() {
        return exchanges / seconds;
    }

    /** Microseconds for each exchange, as are the next two. */
    double user() {
        return usage.userMicros() / exchanges;
    }

    double system() {
        return usage.systemMicros() / exchanges;
    }

    double cpu() {
        return usage.cpuMicros() / exchanges;
    }

    /** For each exchange. */
    double waits() {
        return usage.waits() / exchanges;
    }
}

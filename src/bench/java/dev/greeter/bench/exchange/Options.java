package dev.greeter.bench.exchange;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The command line of {@link ExchangeBench}.
 *
 * @param seconds of each measurement
 * @param rounds measurements of each form and server
 * @param warmUp seconds of each warm-up
 * @param jar the service to measure
 */
record Options(int seconds, int rounds, int warmUp, int connections, Path jar) {
    /** Twice for each form and server, because each form's code is compiled anew once it knows the other forms. */
    static final int WARM_UPS = 2;

    /** The time of one warm-up that goes on because the JVM still compiles. */
    static final Duration COMPILE_LIMIT = Duration.ofSeconds(30);

    /** From the first exchange to the beginning of a measurement. */
    static final Duration SETTLE = Duration.ofMillis(300);

    /** @throws IllegalArgumentException with a line for the user */
    static Options parse(String[] args, Path defaultJar) {
        int seconds = 2;
        int rounds = 5;
        int warmUp = 2;
        int connections = 4;
        Path jar = defaultJar;
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--seconds" -> seconds = count(args[i], value);
                case "--rounds" -> rounds = count(args[i], value);
                case "--warm-up" -> warmUp = count(args[i], value);
                case "--connections" -> connections = count(args[i], value);
                case "--jar" -> jar = Path.of(value).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option: " + args[i]);
            }
        }
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException("no such jar: " + jar);
        }
        return new Options(seconds, rounds, warmUp, connections, jar);
    }

    private static int count(String option, String value) {
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(option + " takes 1 to 9999, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    /** The longest that the whole benchmark may take. */
    Duration limit() {
        long loads = 2L * Form.values().length;
        Duration loaded = Duration.ofSeconds(loads * (WARM_UPS * (long) warmUp + (long) rounds * seconds))
                .plus(SETTLE.multipliedBy(loads * rounds))
                .plus(COMPILE_LIMIT.multipliedBy(loads * WARM_UPS));
        return loaded.multipliedBy(2).plusMinutes(2);
    }
}

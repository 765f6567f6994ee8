package dev.greeter.client.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The longest connect. The kernel gives up a connect without an answer by an exception of the type of a refusal, so ours ends
 * before that.
 */
public final class ConnectLimit {
    private static final Path LINUX_SYN_RETRIES = Path.of("/proc/sys/net/ipv4/tcp_syn_retries");

    /** Others give a connect 75 s or more. */
    private static final Duration OTHER_KERNELS = Duration.ofSeconds(60);

    /** The default of Linux. With more it waits for 127 s and more. */
    private static final int MAX_SYN_RETRIES = 6;

    /** By which an event loop may be late. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private ConnectLimit() {}

    /** Returns the milliseconds that a connect may take: the limit, or less if the kernel would not wait for so long. */
    public static int millis(Duration limit) {
        return Math.toIntExact(
                Math.min(limit.toMillis(), ofKernel(LINUX_SYN_RETRIES).toMillis()));
    }

    static Duration ofKernel(Path synRetries) {
        try {
            int retries = Integer.parseInt(Files.readString(synRetries).strip());
            // the first SYN waits for a second, and each further one for twice as long as the one before
            return Duration.ofSeconds((2L << Math.min(retries, MAX_SYN_RETRIES)) - 1)
                    .minus(MARGIN);
        } catch (IOException | NumberFormatException notLinux) {
            return OTHER_KERNELS;
        }
    }
}

package dev.greeter.bench.cluster;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The traffic on the loopback interface and the CPU time of this process, up to a moment.
 *
 * @param atNanos on the monotonic clock
 */
record Cost(long packets, long octets, long cpuNanos, long atNanos) {
    static Cost now() throws IOException {
        String loopback = Files.readAllLines(Path.of("/proc/net/dev")).stream()
                .map(String::trim)
                .filter(line -> line.startsWith("lo:"))
                .findFirst()
                .orElseThrow();
        String[] received = loopback.substring("lo:".length()).trim().split("\\s+", 3);
        long cpu =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        return new Cost(Long.parseLong(received[1]), Long.parseLong(received[0]), cpu, System.nanoTime());
    }

    Cost minus(Cost before) {
        return new Cost(
                packets - before.packets, octets - before.octets, cpuNanos - before.cpuNanos, atNanos - before.atNanos);
    }
}

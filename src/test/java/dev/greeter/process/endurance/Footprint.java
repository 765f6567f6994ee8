package dev.greeter.process.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Scraped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What a process holds after a full garbage collection: what a leak of any kind makes grow. */
record Footprint(double heapMiB, double directMiB, double metaspaceMiB, double rssMiB, int threads, int descriptors) {
    private static final double MIB = 1 << 20;
    private static final double MARGIN = 1.1;
    private static final double SLACK_MIB = 4;
    private static final int SLACK_COUNT = 5;
    private static final double KIB_A_MIB = 1 << 10;

    static Footprint of(GreeterProcess greeter) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        new ProcessBuilder(jcmd.toString(), Long.toString(greeter.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        Scraped metrics =
                Scraped.of(greeter.get(greeter.managementPort(), "/metrics").body());
        Path process = Path.of("/proc", Long.toString(greeter.pid()));
        return new Footprint(
                metrics.sum("jvm_memory_used_bytes", "area", "heap") / MIB,
                metrics.sum("jvm_buffer_pool_used_bytes", "pool", "direct") / MIB,
                metrics.sum("jvm_memory_pool_used_bytes", "pool", "Metaspace") / MIB,
                status(process, "VmRSS") / KIB_A_MIB,
                status(process, "Threads"),
                greeter.proc().descriptors());
    }

    private static int status(Path process, String name) throws IOException {
        try (Stream<String> lines = Files.lines(process.resolve("status"))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Threads and descriptors come and go with a cluster's members, by a few. */
    void assertNotAbove(Footprint before) {
        assertThat(heapMiB).as("heap, MiB").isLessThan(before.heapMiB * MARGIN + SLACK_MIB);
        assertThat(directMiB).as("direct buffers, MiB").isLessThan(before.directMiB * MARGIN + SLACK_MIB);
        assertThat(metaspaceMiB).as("metaspace, MiB").isLessThan(before.metaspaceMiB * MARGIN + SLACK_MIB);
        assertThat(rssMiB).as("RSS, MiB").isLessThan(before.rssMiB * MARGIN + SLACK_MIB);
        assertThat(threads).as("threads").isLessThanOrEqualTo(before.threads + SLACK_COUNT);
        assertThat(descriptors).as("descriptors").isLessThanOrEqualTo(before.descriptors + SLACK_COUNT);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heap %.1f MiB, direct %.1f MiB, metaspace %.1f MiB, RSS %.0f MiB, %d threads, %d descriptors",
                heapMiB,
                directMiB,
                metaspaceMiB,
                rssMiB,
                threads,
                descriptors);
    }
}

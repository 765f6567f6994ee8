package dev.greeter;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each program that a test asks {@code Machine} for is on a fresh machine, or {@code .ci/run} installs it there. */
class RequiredProgramsTest {
    private static final Pattern PROGRAM = Pattern.compile("\\bprogram\\(\"([^\"]+)\"\\)");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^  ([a-z][^#\\n]*)");
    private static final Pattern ADDED = Pattern.compile("packages\\+=\\(([^)]*)\\)");

    /** Each with its package of Debian; of util-linux and coreutils every machine has those that are essential. */
    private static final Map<String, String> PACKAGES = Map.ofEntries(
            entry("chromium", "chromium"),
            entry("curl", "curl"),
            entry("faketime", "faketime"),
            entry("haproxy", "haproxy"),
            entry("ip", "iproute2"),
            entry("nc", "netcat-openbsd"),
            entry("nginx", "nginx"),
            entry("node", "nodejs"),
            entry("npm", "npm"),
            entry("openssl", "openssl"),
            entry("perl", "perl"),
            entry("prometheus", "prometheus"),
            entry("promtool", "prometheus"),
            entry("slowhttptest", "slowhttptest"),
            entry("sslscan", "sslscan"));

    private static final Set<String> ON_EVERY_MACHINE =
            Set.of("nohup", "nsenter", "prlimit", "unshare", /* of no package of Debian */ "kubectl");

    @Test
    void areInstalled() throws IOException {
        Set<String> needed = new TreeSet<>();
        for (String program : programs()) {
            if (!ON_EVERY_MACHINE.contains(program)) {
                assertThat(PACKAGES).as("the package of each program").containsKey(program);
                needed.add(PACKAGES.get(program));
            }
        }
        assertThat(needed).isNotEmpty().isSubsetOf(installed());
    }

    private static Set<String> programs() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> found(PROGRAM, file).stream())
                    .collect(Collectors.toSet());
        }
    }

    private static Set<String> installed() {
        Path script = Path.of(".ci/run");
        return Stream.concat(found(PACKAGE, script).stream(), found(ADDED, script).stream())
                .flatMap(names -> Stream.of(names.strip().split(" ")))
                .collect(Collectors.toSet());
    }

    private static List<String> found(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file))
                    .results()
                    .map(result -> result.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.greeter.process.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.Machine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The four modes of slowhttptest against both HTTP ports, one after the other, beside honest clients. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SlowHttpTestIT {
    private static final String SECONDS = "10";

    /** Of each mode at a time; with {@code -Dgreeter.slow=1000} for long. */
    private static final String CONNECTIONS = Integer.toString(Integer.getInteger("greeter.slow", 150));

    @TempDir
    Path folder;

    private enum Mode {
        SLOW_HEADERS("/", "-H -i 1"),
        SLOW_BODY("/stats", "-B -i 1 -s 8192"),
        RANGE("/dashboard/uplot.js", "-R -a 10 -b 3000"),
        SLOW_READ("/dashboard/uplot.js", "-X -w 10 -y 20 -n 1 -z 32 -k 3");

        private final String path;
        private final String options;

        Mode(String path, String options) {
            this.path = path;
            this.options = options;
        }

        Process start(int port) throws Exception {
            List<String> command = new ArrayList<>(List.of(Machine.program("slowhttptest")));
            command.addAll(List.of(options.split(" ", -1)));
            command.addAll(List.of("-c", CONNECTIONS, "-r", CONNECTIONS, "-l", SECONDS, "-p", "3"));
            command.addAll(List.of("-u", "http://127.0.0.1:" + port + path));
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        }
    }

    @Test
    void answersOthersInEachMode() throws Exception {
        try (UnderAttack service = new UnderAttack(folder)) {
            List<Process> attackers = new ArrayList<>();
            try {
                for (Mode mode : Mode.values()) {
                    attackers.add(mode.start(service.httpPort));
                }
                attackers.add(Mode.SLOW_HEADERS.start(service.managementPort));
                for (Process each : attackers) {
                    String report = new String(each.getInputStream().readAllBytes(), UTF_8);
                    assertThat(report).contains("Exit status:");
                }
            } finally {
                attackers.forEach(Process::destroyForcibly);
            }
            service.assertUnharmed();
        }
    }
}

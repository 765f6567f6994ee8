package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stop without a delay, under clients that come straight to the ports, each exchange on a connection of its own. What the
 * service accepted is answered. What is in the kernel's queue when a port closes may be reset, and there is hardly any.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class DirectStopIT {
    /** Stops by each kind of clients and number of instances; more with {@code -Dgreeter.repeat}. */
    private static final int REPEAT = Integer.getInteger("greeter.repeat", 1);

    private static final List<Integer> INSTANCES = List.of(1, 2, 4);
    private static final Logger LOG = LoggerFactory.getLogger(DirectStopIT.class);

    @TempDir
    Path folder;

    private enum Clients {
        ONE_EXCHANGE_EACH {
            @Override
            void start(GreetingLoad load, GreeterProcess greeter) throws IOException {
                load.oneShot(4, greeter.greetingPort()).pages(2, greeter.httpPort());
                await().until(() -> load.greeted() > 400 && load.got() > 100);
            }
        },
        ALL_FORMS {
            @Override
            void start(GreetingLoad load, GreeterProcess greeter) throws IOException {
                load.oneShot(4, greeter.greetingPort())
                        .sessions(2, greeter.greetingPort())
                        .pages(2, greeter.httpPort())
                        .pagesKeptAlive(2, greeter.httpPort());
                await().until(() -> load.greeted() > 1_000 && load.got() > 200);
            }
        };

        /** Completes when they have got some answers. */
        abstract void start(GreetingLoad load, GreeterProcess greeter) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void answersEveryConnectionThatItAccepted(Clients clients) throws Exception {
        List<Long> resets = new ArrayList<>();
        for (int i = 0; i < REPEAT; i++) {
            for (int instances : INSTANCES) {
                try (GreeterProcess greeter = serve(instances);
                        GreetingLoad load = new GreetingLoad()) {
                    clients.start(load, greeter);
                    greeter.signal("TERM");
                    assertThat(greeter.exitCode()).as(greeter.output()).isZero();
                    load.stop();
                    assertThat(load.unanswered)
                            .as("closed in order without an answer")
                            .isEmpty();
                    assertThat(load.lost).isEmpty();
                    assertCounted(greeter, load.greeted(), load.got());
                    resets.add(load.resets.sum());
                }
            }
        }
        LOG.info("{}: connections reset by each stop: {}", clients, resets);
        assertThat(resets)
                .as("a stop in which the kernel reset none; a busy machine may run the clients just before the close")
                .contains(0L);
    }

    /** Clients that nobody here wrote. A line of output for each exchange says how it went. */
    @Test
    void answersCurlAndNetcatUntilItListensNoMore() throws Exception {
        String curl = Machine.program("curl");
        String nc = Machine.program("nc");
        for (int i = 0; i < REPEAT; i++) {
            try (GreeterProcess greeter = serve(INSTANCES.get(i % INSTANCES.size()));
                    Loops loops = new Loops(folder)) {
                loops.run("""
                        while heard=$(printf Hello | %s -N 127.0.0.1 %d); do echo "'$heard'"; done
                        """.formatted(nc, greeter.greetingPort()));
                // the fragment makes as many transfers of it, and is not sent
                String manyOver = """
                        exec %s --silent --no-keepalive --fail-early --output /dev/null --header 'connection: close' \\
                            --write-out '%%{exitcode} %%{http_code}\\n' 'http://127.0.0.1:%d%s#[1-1000000]'
                        """;
                loops.run(manyOver.formatted(curl, greeter.httpPort(), "/"));
                loops.run(manyOver.formatted(curl, greeter.managementPort(), "/livez"));
                await().until(() -> loops.outputs().stream().allMatch(output -> output.size() > 20));
                greeter.signal("TERM");
                assertThat(greeter.exitCode()).as(greeter.output()).isZero();
                List<List<String>> outputs = loops.end();
                assertThat(outputs.get(0)).containsOnly("'World'");
                for (List<String> transfers : outputs.subList(1, 3)) {
                    // curl's codes: done, then not connected, or reset before or behind its request; 52 would be an
                    // empty reply
                    assertThat(transfers.subList(0, transfers.size() - 1)).containsOnly("0 200");
                    assertThat(transfers.get(transfers.size() - 1)).isIn("7 000", "55 000", "56 000");
                }
                assertCounted(greeter, outputs.get(0).size(), outputs.get(1).size() - 1L);
            }
        }
    }

    private GreeterProcess serve(int instances) throws IOException {
        return GreeterProcess.serve(
                folder, "shutdown.delay=0s", "greeting.instances=" + instances, "http.instances=" + instances);
    }

    private static void assertCounted(GreeterProcess greeter, long greeted, long got) throws IOException {
        JsonObject stopped = greeter.line("stopped");
        assertThat(stopped.getLong("greeting.answered"))
                .as("greetings counted, of those that clients read")
                .isEqualTo(greeted);
        assertThat(stopped.getLong("http.answered"))
                .as("pages counted, of those that clients read")
                .isEqualTo(got);
        assertThat(stopped.getLong("cut")).isZero();
    }

    /** Shells that say a line for each exchange, and end when they cannot connect. Killed at the end if they still run. */
    private static final class Loops implements AutoCloseable {
        private final Path folder;
        private final List<Process> processes = new ArrayList<>();
        private final List<Path> outputs = new ArrayList<>();

        Loops(Path folder) {
            this.folder = folder;
        }

        void run(String script) throws IOException {
            Path output = Files.createTempFile(folder, "loop", ".log");
            outputs.add(output);
            processes.add(new ProcessBuilder("sh", "-c", script)
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }

        List<List<String>> outputs() throws IOException {
            List<List<String>> lines = new ArrayList<>();
            for (Path output : outputs) {
                try (Stream<String> each = Files.lines(output)) {
                    lines.add(each.toList());
                }
            }
            return lines;
        }

        /** Waits until they have ended. */
        List<List<String>> end() throws IOException, InterruptedException {
            for (Process process : processes) {
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended").isTrue();
            }
            return outputs();
        }

        @Override
        public void close() {
            for (Process process : processes) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }
}

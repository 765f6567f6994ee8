package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.cli.options.Terminal;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A command that runs until it is interrupted. */
record Watch(Thread thread, CompletableFuture<Integer> code, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    private static final int PATIENCE_SECONDS = 10;

    /** @param interactive whether it prints on a screen */
    static Watch start(boolean interactive, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Terminal terminal = new Terminal(Cli.stream(out), Cli.stream(err), interactive, true, interactive);
        Thread thread = new Thread(
                () -> code.complete(Commands.run(Map.of(), terminal, (config, sources) -> 0, args)), "watch");
        thread.start();
        return new Watch(thread, code, out, err);
    }

    void awaitOut(String beginning) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(out.toString(UTF_8)).startsWith(beginning));
    }

    /** Interrupts it, as Ctrl-C would, and gives what it printed as errors until then. */
    String stop() {
        thread.interrupt();
        assertThat(code).succeedsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS).isEqualTo(130);
        return err.toString(UTF_8);
    }
}

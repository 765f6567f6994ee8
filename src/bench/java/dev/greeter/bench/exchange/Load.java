package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The clients of one form at one server, as a process on their own core. */
final class Load implements AutoCloseable {
    private static final Duration LAST_ANSWERS_LIMIT = Duration.ofSeconds(10);

    final Form form;
    final ServerProcess server;
    private final Process process;
    private final BufferedReader replies;
    private final BufferedWriter commands;

    private Load(Form form, ServerProcess server, Process process) {
        this.form = form;
        this.server = server;
        this.process = process;
        replies = process.inputReader(US_ASCII);
        commands = process.outputWriter(US_ASCII);
    }

    /** How loads are started here. */
    record Generator(Optional<Path> program, Path folder, Cores cores) {
        Load start(Form form, ServerProcess server) throws IOException {
            Script script = Script.of(form, server.page());
            List<String> command = new ArrayList<>();
            if (program.isPresent()) {
                command.add(program.get().toString());
            } else {
                command.addAll(List.of(
                        Program.java().toString(),
                        "-cp",
                        Servers.location(io.netty.channel.Channel.class)
                                + File.pathSeparator
                                + Servers.location(JavaLoad.class),
                        JavaLoad.class.getName()));
            }
            command.addAll(List.of(
                    Integer.toString(server.port(form)),
                    Integer.toString(form.connections),
                    script.end.argument,
                    Files.write(folder.resolve("load-opening"), script.opening).toString(),
                    Files.write(folder.resolve("load-request"), script.request).toString(),
                    Files.write(folder.resolve("load-answer"), script.answer).toString(),
                    Integer.toString(script.dateAt)));
            Process process = new ProcessBuilder(Cores.on(cores.clients(), command))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Load(form, server, process);
        }
    }

    /** Returns after this time, or throws as soon as an answer is wrong. */
    void hold(Duration duration) throws IOException, InterruptedException {
        if (process.waitFor(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw failure(replies.readLine());
        }
    }

    /** Returns the number of answers so far. */
    long exchanges() throws IOException {
        return ask("count");
    }

    /** Waits for the answers that are due, closes the connections, and adds the answers to the server's. */
    void stop() throws IOException, InterruptedException {
        server.answered(form, ask("stop"));
        if (!process.waitFor(LAST_ANSWERS_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw failure("it did not end");
        }
    }

    private long ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String reply = replies.readLine();
        if (reply == null || !reply.matches("[0-9]+")) {
            throw failure(reply);
        }
        return Long.parseLong(reply);
    }

    private BenchException failure(String reason) {
        return new BenchException(form.label + ", " + server.server.label + ": " + reason);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

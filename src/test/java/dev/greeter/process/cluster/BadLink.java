package dev.greeter.process.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.greeter.testing.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two network devices in a namespace and a link between them, which does to frames what a bad network does. */
final class BadLink implements AutoCloseable {
    private static final Path PROGRAM = Path.of("src/test/resources/network/badlink.pl");

    private final Process process;
    private final BufferedReader answers;

    private BadLink(Process process) {
        this.process = process;
        this.answers = process.inputReader(US_ASCII);
    }

    /** @param namespace the command that runs another in it */
    static BadLink start(List<String> namespace, String one, String other) throws IOException {
        List<String> command = new ArrayList<>(namespace);
        command.addAll(List.of(Machine.program("perl"), PROGRAM.toString(), one, other));
        BadLink link = new BadLink(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        String answer = link.answers.readLine();
        if (!"ready".equals(answer)) {
            link.close();
            Machine.needs(false, "the right to make network devices: " + answer);
        }
        return link;
    }

    /** What the link does to a frame. */
    enum Trouble {
        NONE("0 0 0 0"),
        LOSS("50 0 0 0"),
        DELAY("0 200 0 0"),
        DUPLICATION("0 0 30 0"),
        REORDERING("0 50 0 30");

        private final String line;

        Trouble(String line) {
            this.line = line;
        }
    }

    /** Does this from now on, and returns the number of frames that had trouble before. */
    long set(Trouble trouble) throws IOException {
        process.outputWriter(US_ASCII).append(trouble.line).append('\n').flush();
        return Long.parseLong(answers.readLine());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}

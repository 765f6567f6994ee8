package dev.greeter.process.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Scripts for Node.js that use public packages: npm installs them once, in the versions of the lock file. */
final class NodeScript {
    private static final Path SCRIPTS = Path.of("src/test/resources/node");

    private NodeScript() {}

    /** Starts a script; what it prints is the process's output. */
    static GreeterProcess start(Path folder, String script, String... arguments)
            throws IOException, InterruptedException {
        Path packages = packages();
        List<String> command = new ArrayList<>(
                List.of(Machine.program("node"), SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        return GreeterProcess.run(
                folder,
                command,
                Map.of("NODE_PATH", packages.resolve("node_modules").toString()));
    }

    private static synchronized Path packages() throws IOException, InterruptedException {
        byte[] lock = Files.readAllBytes(SCRIPTS.resolve("package-lock.json"));
        Path folder = Path.of("target", "node-" + UUID.nameUUIDFromBytes(lock)).toAbsolutePath();
        Path complete = folder.resolve("complete");
        if (!Files.exists(complete)) {
            Files.createDirectories(folder);
            Files.copy(SCRIPTS.resolve("package.json"), folder.resolve("package.json"), REPLACE_EXISTING);
            Files.write(folder.resolve("package-lock.json"), lock);
            Path log = folder.resolve("npm.log");
            int status = new ProcessBuilder(
                            Machine.program("npm"),
                            "ci",
                            "--prefer-offline",
                            "--no-audit",
                            "--no-fund",
                            "--ignore-scripts")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            Machine.needs(status == 0, "the packages of npm: " + Files.readString(log, UTF_8));
            Files.createFile(complete);
        }
        return folder;
    }
}

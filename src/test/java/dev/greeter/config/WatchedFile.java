package dev.greeter.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** A file that a {@link ConfigWatch} looks at, and what it logs and hands on. */
@ResourceLock("ConfigWatch")
abstract class WatchedFile {
    final Logger logger = (Logger) LoggerFactory.getLogger(ConfigWatch.class);
    final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    final List<Config> changes = new CopyOnWriteArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    ConfigWatch watch(String text) throws Exception {
        write(text);
        ConfigWatch watch = unlooked(sources());
        look(watch);
        return watch;
    }

    /** Returns a watch of what these sources hold now, before its first look. */
    ConfigWatch unlooked(ConfigSources sources) throws Exception {
        return new ConfigWatch(sources.load(), sources, changes::add);
    }

    void edit(ConfigWatch watch, String text) throws IOException {
        write(text);
        look(watch);
    }

    /** Often enough to see that nothing changes any more. */
    void look(ConfigWatch watch) {
        watch.look(file());
        watch.look(file());
        watch.look(file());
    }

    ConfigSources sources() {
        return sources(Map.of(), Map.of());
    }

    ConfigSources sources(Map<String, String> environment, Map<String, String> commandLine) {
        return new ConfigSources(Optional.of(file()), environment, commandLine);
    }

    void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    Path file() {
        return directory.resolve("greeter.yaml");
    }

    List<String> texts() {
        return lines.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage()
                        + Objects.requireNonNullElse(line.getKeyValuePairs(), List.<KeyValuePair>of()).stream()
                                .map(pair -> " " + pair.key + "=" + pair.value)
                                .collect(Collectors.joining()))
                .toList();
    }
}

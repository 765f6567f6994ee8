package dev.greeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a watched file may become. */
class ConfigFileWatchTest extends WatchedFile {
    @Test
    void waitsUntilTheFileHoldsStill() throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        write("exchangeLog.maxPerSecond: 6");
        watch.look(file());
        write("exchangeLog.maxPerSecond: 67");
        watch.look(file());
        assertThat(changes).isEmpty();
        watch.look(file());

        assertThat(texts()).containsExactly("INFO configuration changed key=exchangeLog.maxPerSecond old=5 new=67");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \t\r\n\n", "\uFEFF"})
    void takesAnEmptyFileForOneThatIsAboutToBeWritten(String empty) throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        edit(watch, empty);
        assertThat(texts())
                .containsExactly("ERROR configuration stays as it was: command line --config: " + file()
                        + " is empty; {} stands for all defaults");
        edit(watch, "exchangeLog.maxPerSecond: 5");
        edit(watch, "exchangeLog.maxPerSecond: 6");

        assertThat(changes)
                .extracting(changed -> changed.exchangeLog().maxPerSecond())
                .containsExactly(6);
    }

    @Test
    void refusesAFileThatIsEmptiedBeforeTheFirstLook() throws Exception {
        write("exchangeLog.maxPerSecond: 5");
        ConfigWatch watch = unlooked(sources());
        edit(watch, "");

        assertThat(changes).isEmpty();
        assertThat(texts()).singleElement().asString().contains(" is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "# nothing is set", "---\n", "exchangeLog:"})
    void takesAllDefaultsFromAFileThatIsMeantToBeEmpty(String meant) throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        edit(watch, meant);

        assertThat(texts()).containsExactly("INFO configuration changed key=exchangeLog.maxPerSecond old=5 new=100");
    }

    @Test
    void startsWithAnEmptyFileAndTakesWhatIsWrittenToIt() throws Exception {
        ConfigWatch watch = watch("");
        assertThat(texts()).isEmpty();
        edit(watch, "exchangeLog.maxPerSecond: 6");

        assertThat(changes).hasSize(1);
    }

    /** A look at the pipe would never end, as nobody writes to it. */
    @Test
    @Timeout(60)
    void leavesAPipeAloneThatTookTheFilesPlace() throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        Files.delete(file());
        pipe();
        look(watch);

        assertThat(changes).isEmpty();
        assertThat(texts())
                .containsExactly("ERROR configuration stays as it was: command line --config: " + file()
                        + " is no regular file, and only such is read again");
    }

    @Test
    void leavesADirectoryAloneThatTookTheFilesPlace() throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        Files.delete(file());
        Files.createDirectory(file());
        look(watch);
        Files.delete(file());
        edit(watch, "exchangeLog.maxPerSecond: 6");

        assertThat(changes).hasSize(1);
    }

    @Test
    @Timeout(60)
    void readsAPipeOnceAndStartsNoThread() throws Exception {
        pipe();
        Thread writer = new Thread(() -> {
            try {
                write("exchangeLog.maxPerSecond: 5");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        ConfigSources sources = sources();
        Config config = sources.load();
        writer.join();
        FileWatch watch = ConfigWatch.start(config, sources, changes::add);

        assertThat(config.exchangeLog().maxPerSecond()).isEqualTo(5);
        assertThat(threads()).doesNotContain("configuration");
        watch.close();
    }

    private void pipe() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor())
                .isZero();
    }

    @Test
    void takesAFileThatWasMended() throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        edit(watch, "exchangeLog.maxPerSecond: [");
        edit(watch, "exchangeLog.maxPerSecond: 6");

        assertThat(changes).hasSize(1);
        assertThat(texts()).hasSize(2).last().asString().contains("old=5 new=6");
    }

    @Test
    void refusesThatTheFileIsGone() throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        Files.delete(file());
        look(watch);
        look(watch);

        assertThat(changes).isEmpty();
        assertThat(texts())
                .containsExactly("ERROR configuration stays as it was: command line --config: " + file()
                        + " cannot be read: there is no such file");
    }

    @Test
    void looksByItselfUntilItIsClosed() throws Exception {
        write("");
        FileWatch watch = start(sources());
        write("log.level: warn");
        await().until(() -> changes.size() == 1);
        watch.close();
        await().until(() -> !threads().contains("configuration"));
    }

    @Test
    void goesOnAfterAFailureThatNobodyExpected() throws Exception {
        write("");
        ConfigSources sources = sources();
        FileWatch watch = ConfigWatch.start(sources.load(), sources, changed -> {
            changes.add(changed);
            if (changes.size() == 1) {
                throw new IllegalStateException("nobody expected this");
            }
        });
        write("exchangeLog.maxPerSecond: 5");
        await().until(() -> changes.size() == 1);
        write("exchangeLog.maxPerSecond: 6");
        await().until(() -> changes.size() == 2);
        watch.close();
    }

    @Test
    void startsNoThreadWithoutAFile() throws Exception {
        FileWatch watch = start(new ConfigSources(Optional.empty(), Map.of(), Map.of()));
        assertThat(threads()).doesNotContain("configuration");
        watch.close();
    }

    private FileWatch start(ConfigSources sources) throws Exception {
        return ConfigWatch.start(sources.load(), sources, changes::add);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }
}

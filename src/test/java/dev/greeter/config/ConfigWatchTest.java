package dev.greeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

@ResourceLock("ConfigWatch")
class ConfigWatchTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ConfigWatch.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final List<Config> changes = new CopyOnWriteArrayList<>();

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

    @Test
    void handsOnWhatChangedAndTellsOldAndNew() throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5\ngreeting.maxConnections: 10\n");
        edit(watch, "exchangeLog.maxPerSecond: 7\nlog.level: warn\n");

        assertThat(changes).hasSize(1).first().satisfies(changed -> {
            assertThat(changed.exchangeLog().maxPerSecond()).isEqualTo(7);
            assertThat(changed.greeting().maxConnections()).isEqualTo(10_000);
        });
        assertThat(texts())
                .containsExactly(
                        "INFO configuration changed key=greeting.maxConnections old=10 new=10000",
                        "INFO configuration changed key=exchangeLog.maxPerSecond old=5 new=7",
                        "INFO configuration changed key=log.level old=info new=warn");
    }

    @Test
    void saysNothingWhileNothingChanges() throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        edit(watch, "exchangeLog.maxPerSecond: 5 # as before");

        assertThat(changes).isEmpty();
        assertThat(texts()).isEmpty();
    }

    @Test
    void takesAChangeThatCameBeforeItsFirstLook() throws Exception {
        write("exchangeLog.maxPerSecond: 5");
        ConfigSources sources = sources(Map.of(), Map.of());
        Config started = sources.load();
        write("exchangeLog.maxPerSecond: 6");
        look(new ConfigWatch(started, sources, changes::add));

        assertThat(changes)
                .extracting(changed -> changed.exchangeLog().maxPerSecond())
                .containsExactly(6);
    }

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
        ConfigSources sources = sources(Map.of(), Map.of());
        ConfigWatch watch = new ConfigWatch(sources.load(), sources, changes::add);
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
        ConfigSources sources = sources(Map.of(), Map.of());
        Config config = sources.load();
        writer.join();
        ConfigWatch watch = ConfigWatch.start(config, sources, changes::add);

        assertThat(config.exchangeLog().maxPerSecond()).isEqualTo(5);
        assertThat(threads()).doesNotContain("configuration");
        watch.close();
    }

    private void pipe() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor())
                .isZero();
    }

    @Test
    void refusesABadEditOnceAndWhole() throws Exception {
        ConfigWatch watch = watch("exchangeLog.maxPerSecond: 5");
        edit(watch, "exchangeLog.maxPerSecond: 6\nlog:\n  level: loud\n");
        look(watch);

        assertThat(changes).isEmpty();
        assertThat(texts())
                .containsExactly("ERROR configuration stays as it was: " + file()
                        + ":3: log.level is \"loud\", allowed: error, warn, info, debug, trace");
    }

    @Test
    void tellsAllThatIsWrongInOneLine() throws Exception {
        ConfigWatch watch = watch("");
        edit(watch, "exchangeLog.maxPerSecond: many\nhttp.prot: 80\n");

        assertThat(texts())
                .containsExactly("ERROR configuration stays as it was: " + file()
                        + ":1: exchangeLog.maxPerSecond is \"many\", allowed: a whole number from 0 to 1000000; "
                        + file()
                        + ":2: http.prot is \"80\", but there is no such key; did you mean http.port?");
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
    void letsTheEnvironmentAndTheCommandLineWin() throws Exception {
        write("");
        ConfigSources sources =
                sources(Map.of("GREETER_HTTP_MAX_CONNECTIONS", "11"), Map.of("greeting.maxConnections", "12"));
        ConfigWatch watch = new ConfigWatch(sources.load(), sources, changes::add);
        edit(watch, "http.maxConnections: 1\ngreeting.maxConnections: 1\nexchangeLog.maxPerSecond: 1\n");

        assertThat(changes).hasSize(1).first().satisfies(changed -> {
            assertThat(changed.http().maxConnections()).isEqualTo(11);
            assertThat(changed.greeting().maxConnections()).isEqualTo(12);
        });
        assertThat(texts()).containsExactly("INFO configuration changed key=exchangeLog.maxPerSecond old=100 new=1");
    }

    @Test
    void tellsOnceWhatNeedsARestart() throws Exception {
        ConfigWatch watch = watch("http.port: 8000");
        edit(watch, "http.port: 8001\nexchangeLog.maxPerSecond: 6\n");
        edit(watch, "http.port: 8001\nexchangeLog.maxPerSecond: 7\n");
        edit(watch, "http.port: 8000\nexchangeLog.maxPerSecond: 7\n");

        assertThat(changes)
                .extracting(
                        changed -> changed.http().port(),
                        changed -> changed.exchangeLog().maxPerSecond())
                .containsExactly(tuple(8000, 6), tuple(8000, 7));
        assertThat(texts())
                .containsExactly(
                        "WARN configuration needs a restart key=http.port old=8000 new=8001",
                        "INFO configuration changed key=exchangeLog.maxPerSecond old=100 new=6",
                        "INFO configuration changed key=exchangeLog.maxPerSecond old=6 new=7");
    }

    @Test
    void tellsNobodyASecret() throws Exception {
        ConfigWatch watch = watch("faults.token: open-sesame");
        edit(watch, "faults.token: close-sesame");
        edit(watch, "faults.token: 'sesame with blanks'");

        assertThat(texts())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("faults.token").doesNotContain("sesame"));
    }

    @Test
    void tellsAChangeOfTheLevelBothWays() throws Exception {
        write("");
        ConfigSources sources = sources(Map.of(), Map.of());
        ConfigWatch watch = new ConfigWatch(
                sources.load(),
                sources,
                changed ->
                        logger.setLevel(Level.convertAnSLF4JLevel(changed.log().level())));
        edit(watch, "log.level: error");
        edit(watch, "log.level: info");

        assertThat(texts())
                .containsExactly(
                        "INFO configuration changed key=log.level old=info new=error",
                        "INFO configuration changed key=log.level old=error new=info");
    }

    @Test
    void looksByItselfUntilItIsClosed() throws Exception {
        write("");
        ConfigSources sources = sources(Map.of(), Map.of());
        ConfigWatch watch = ConfigWatch.start(sources.load(), sources, changes::add);
        write("log.level: warn");
        await().until(() -> changes.size() == 1);
        watch.close();
        await().until(() -> !threads().contains("configuration"));
    }

    @Test
    void startsNoThreadWithoutAFile() throws Exception {
        ConfigSources sources = new ConfigSources(Optional.empty(), Map.of(), Map.of());
        ConfigWatch watch = ConfigWatch.start(sources.load(), sources, changes::add);
        assertThat(threads()).doesNotContain("configuration");
        watch.close();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private ConfigWatch watch(String text) throws Exception {
        write(text);
        ConfigSources sources = sources(Map.of(), Map.of());
        ConfigWatch watch = new ConfigWatch(sources.load(), sources, changes::add);
        look(watch);
        return watch;
    }

    private void edit(ConfigWatch watch, String text) throws IOException {
        write(text);
        look(watch);
    }

    /** Often enough to see that nothing changes any more. */
    private void look(ConfigWatch watch) {
        watch.look(file());
        watch.look(file());
        watch.look(file());
    }

    private ConfigSources sources(Map<String, String> environment, Map<String, String> commandLine) {
        return new ConfigSources(Optional.of(file()), environment, commandLine);
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    private Path file() {
        return directory.resolve("greeter.yaml");
    }

    private List<String> texts() {
        return lines.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage()
                        + Objects.requireNonNullElse(line.getKeyValuePairs(), List.<KeyValuePair>of()).stream()
                                .map(pair -> " " + pair.key + "=" + pair.value)
                                .collect(Collectors.joining()))
                .toList();
    }
}

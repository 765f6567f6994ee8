package dev.greeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import ch.qos.logback.classic.Level;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a change of the watched file does. */
class ConfigWatchTest extends WatchedFile {
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
        ConfigSources sources = sources();
        Config started = sources.load();
        write("exchangeLog.maxPerSecond: 6");
        look(new ConfigWatch(started, sources, changes::add));

        assertThat(changes)
                .extracting(changed -> changed.exchangeLog().maxPerSecond())
                .containsExactly(6);
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
    void letsTheEnvironmentAndTheCommandLineWin() throws Exception {
        write("");
        ConfigWatch watch = unlooked(
                sources(Map.of("GREETER_HTTP_MAX_CONNECTIONS", "11"), Map.of("greeting.maxConnections", "12")));
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
        edit(watch, "faults.tokn: close-sesame");

        assertThat(texts())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains("faults.token").doesNotContain("sesame"));
    }

    @Test
    void tellsAChangeOfTheLevelBothWays() throws Exception {
        write("");
        ConfigSources sources = sources();
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
}

package dev.greeter.ledger;

import static dev.greeter.ledger.Exchanges.batch;
import static dev.greeter.ledger.Exchanges.greeting;
import static dev.greeter.ledger.Exchanges.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeBatch;
import dev.greeter.bus.Form;
import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.LedgerSnapshot.Count;
import dev.greeter.bus.Node;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.bus.Stats.Tally;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LedgerTest {
    private static final Node NODE = new Node("greeter-0", "host-0", "1.2.3", Instant.parse("2026-11-23T06:00:00Z"));
    private static final long SECOND = 1_000_000_000L;

    private final Ledger ledger = new Ledger(NODE, 0);

    @Test
    void countsByProtocolAndOutcome() {
        ledger.count(
                batch(
                        "a",
                        1,
                        greeting(Outcome.ANSWERED, 10),
                        greeting(Outcome.ANSWERED, 20),
                        greeting(Outcome.REFUSED, 30),
                        page(Outcome.ANSWERED, 40),
                        page(Outcome.FAILED, 50)),
                0);
        assertThat(stats().totals().greeting()).isEqualTo(new Tally(2, 1, 0));
        assertThat(stats().totals().http()).isEqualTo(new Tally(1, 0, 1));
    }

    @Test
    void countsEachOfEqualExchangesAmongOthers() {
        Exchange same = greeting(Outcome.ANSWERED, 10);
        Exchange other = greeting(Outcome.ANSWERED, 40);
        ledger.count(batch("a", 1, same, same, same, other, same), 0);
        assertThat(stats().totals().greeting()).isEqualTo(new Tally(5, 0, 0));
        assertThat(ledger.recent(10)).containsExactly(same, other, same, same, same);
        assertThat(stats().latency().greeting().p50()).isEqualTo(10);
        assertThat(ledger.rates(SECOND).greeting().lastSecond()).isEqualTo(5);
        assertThat(ledger.snapshot().durations().greeting().sumMicros()).isEqualTo(80);
    }

    @Test
    void countsABatchOnceHoweverOftenItComes() {
        ExchangeBatch batch = batch("a", 1, greeting(Outcome.ANSWERED, 10));
        ledger.count(batch, 0);
        ledger.count(batch, 0);
        ledger.count(batch("a", 2, greeting(Outcome.ANSWERED, 10)), 0);
        ledger.count(batch, 0);
        assertThat(stats().totals().greeting()).isEqualTo(new Tally(2, 0, 0));
        assertThat(ledger.recent(10)).hasSize(2);
    }

    @Test
    void countsNothingOfABatchThatCannotBeReadAndAllOfItsRepeat() {
        List<Exchange> once = List.of(greeting(Outcome.ANSWERED, 10), greeting(Outcome.REFUSED, 20));
        List<Exchange> failing = new AbstractList<>() {
            private boolean failed;

            @Override
            public Exchange get(int index) {
                if (index == 1 && !failed) {
                    failed = true;
                    throw new IllegalStateException("as if memory had run out");
                }
                return once.get(index);
            }

            @Override
            public int size() {
                return once.size();
            }
        };
        ExchangeBatch batch = new ExchangeBatch("a", 1, Protocol.GREETING, 0, 1, 1, failing);
        assertThatThrownBy(() -> ledger.count(batch, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(stats().totals().greeting()).isEqualTo(new Tally(0, 0, 0));
        assertThat(ledger.drained()).isZero();

        ledger.count(batch, 0);
        assertThat(stats().totals().greeting()).isEqualTo(new Tally(1, 1, 0));
        assertThat(ledger.drained()).isEqualTo(1);
        assertThat(ledger.cut()).isEqualTo(1);
    }

    @Test
    void countsAllOfABatchOnceWhoseLogFails() {
        Logger logger = (Logger) LoggerFactory.getLogger("greeter.exchange");
        AppenderBase<ILoggingEvent> failing = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                throw new OutOfMemoryError("as if");
            }
        };
        failing.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(failing);
        try {
            Ledger logging = new Ledger(NODE, 100);
            ExchangeBatch batch = batch("a", 1, greeting(Outcome.ANSWERED, 10), greeting(Outcome.REFUSED, 20));
            assertThatThrownBy(() -> logging.count(batch, 0)).isInstanceOf(OutOfMemoryError.class);
            logging.count(batch, 0);
            assertThat(logging.totals().greeting()).isEqualTo(new Tally(1, 1, 0));
            assertThat(logging.recent(10)).hasSize(2);
        } finally {
            logger.detachAppender(failing);
        }
    }

    @Test
    void countsAnExchangeThatTookLessThanNoTime() {
        ledger.count(batch("a", 1, greeting(Outcome.ANSWERED, -5), greeting(Outcome.ANSWERED, 10)), 0);
        assertThat(stats().totals().greeting()).isEqualTo(new Tally(2, 0, 0));
        assertThat(ledger.snapshot().durations().greeting().sumMicros()).isEqualTo(10);
    }

    @Test
    void countsEachSourceByItself() {
        ledger.count(batch("a", 1, greeting(Outcome.ANSWERED, 10)), 0);
        ledger.count(batch("b", 1, greeting(Outcome.ANSWERED, 10)), 0);
        assertThat(stats().totals().greeting()).isEqualTo(new Tally(2, 0, 0));
        assertThat(stats().nodes()).hasSize(1).first().returns(6L, Stats.NodeShare::connections);
    }

    @Test
    void addsUpWhatWasDrainedAndCut() {
        ledger.count(new ExchangeBatch("a", 1, Protocol.GREETING, 0, 2, 1, List.of()), 0);
        ledger.count(new ExchangeBatch("b", 1, Protocol.GREETING, 0, 3, 0, List.of()), 0);
        assertThat(ledger.drained()).isEqualTo(5);
        assertThat(ledger.cut()).isEqualTo(1);
    }

    @Test
    void measuresTheServiceTimeOfAnsweredExchangesOnly() {
        Exchange[] hundred = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> greeting(Outcome.ANSWERED, i))
                .toArray(Exchange[]::new);
        ledger.count(batch("a", 1, hundred), 0);
        ledger.count(batch("a", 2, greeting(Outcome.FAILED, 1_000_000)), 0);
        assertThat(stats().latency().greeting()).isEqualTo(new Stats.Latency(50, 90, 99, 100));
        assertThat(stats().latency().http()).isEqualTo(new Stats.Latency(0, 0, 0, 0));
    }

    @Test
    void takesAServiceTimeOfDaysForAnHour() {
        ledger.count(batch("a", 1, greeting(Outcome.ANSWERED, Long.MAX_VALUE)), 0);
        assertThat(stats().latency().greeting().max()).isBetween(3_600_000_000L, 3_610_000_000L);
    }

    @Test
    void keepsTheNewestThousandNewestFirst() {
        for (int i = 0; i < 1_500; i++) {
            ledger.count(batch("a", i + 1, greeting(Outcome.ANSWERED, i)), 0);
        }
        assertThat(ledger.recent(3)).extracting(Exchange::durationMicros).containsExactly(1_499L, 1_498L, 1_497L);
        assertThat(ledger.recent(1_000)).hasSize(1_000).last().returns(500L, Exchange::durationMicros);
    }

    @Test
    void givesTheRateOfTheLastWholeSecondAndTheLastMinute() {
        ledger.count(batch("a", 1, greeting(Outcome.ANSWERED, 1), greeting(Outcome.REFUSED, 1)), 10 * SECOND);
        assertThat(rate(10)).isEqualTo(new Stats.Rate(0, 0));
        assertThat(rate(11)).isEqualTo(new Stats.Rate(2, 2 / 60.0));
        assertThat(rate(12)).isEqualTo(new Stats.Rate(0, 2 / 60.0));
        assertThat(rate(70)).isEqualTo(new Stats.Rate(0, 2 / 60.0));
        assertThat(rate(71)).isEqualTo(new Stats.Rate(0, 0));
        assertThat(rate(1_000)).isEqualTo(new Stats.Rate(0, 0));
    }

    @Test
    void answersAsTheContractShows() {
        ledger.count(batch("a", 1, greeting(Outcome.ANSWERED, 7)), 10 * SECOND);
        Stats stats = ledger.stats(Stats.Scope.NODE, Instant.parse("2026-11-23T06:16:00Z"), 11 * SECOND);
        assertThat(stats.toJson().encode()).isEqualTo("""
                        {"scope":"node","node":"greeter-0","at":"2026-11-23T06:16:00.000Z",\
                        "totals":{"greeting":{"answered":1,"refused":0,"failed":0},\
                        "http":{"answered":0,"refused":0,"failed":0}},\
                        "rates":{"greeting":{"1s":1.0,"1m":0.016666666666666666},"http":{"1s":0.0,"1m":0.0}},\
                        "latency":{"greeting":{"p50":7,"p90":7,"p99":7,"max":7},\
                        "http":{"p50":0,"p90":0,"p99":0,"max":0}},\
                        "nodes":[{"node":"greeter-0","host":"host-0","version":"1.2.3","live":true,\
                        "startedAt":"2026-11-23T06:00:00.000Z","connections":3,\
                        "totals":{"greeting":{"answered":1,"refused":0,"failed":0},\
                        "http":{"answered":0,"refused":0,"failed":0}}}]}""");
    }

    @Test
    void saysThatItsNodeIsOnItsWayOut() {
        ledger.drain();
        assertThat(stats().toJson().getJsonArray("nodes").encode())
                .contains("\"live\":true,\"draining\":true,\"startedAt\":");
    }

    @Test
    void itsSnapshotHasTheSameCountsByFormToo() {
        ledger.count(
                batch(
                        "a",
                        1,
                        greeting(Outcome.ANSWERED, 10),
                        greeting(Outcome.REFUSED, 10),
                        greeting(Outcome.REFUSED, 10),
                        page(Outcome.ANSWERED, 10)),
                0);
        ledger.count(new ExchangeBatch("b", 1, Protocol.HTTP, 4, 2, 1, List.of()), 0);
        LedgerSnapshot snapshot = ledger.snapshot();
        assertThat(snapshot.exchanges())
                .hasSize(12)
                .filteredOn(counted -> counted.count() > 0)
                .containsExactly(
                        new Count(Protocol.GREETING, Form.SESSION, Outcome.ANSWERED, 1),
                        new Count(Protocol.GREETING, Form.SESSION, Outcome.REFUSED, 2),
                        new Count(Protocol.HTTP, Form.PAGE, Outcome.ANSWERED, 1));
        assertThat(snapshot.connections()).isEqualTo(new PerProtocol<>(3L, 4L));
        assertThat(snapshot.drained()).isEqualTo(2);
        assertThat(snapshot.cut()).isEqualTo(1);
        assertThat(snapshot.suppressed()).as("logged at most 0 a second").isEqualTo(4);
    }

    @Test
    void itsSnapshotHasEachAnsweredExchangeInOneBucket() {
        long[] micros = {0, 10, 11, 25, 26, 2_500, 2_502, 10_000_000, 11_000_000, Long.MAX_VALUE};
        for (int i = 0; i < micros.length; i++) {
            ledger.count(batch("a", i + 1, greeting(Outcome.ANSWERED, micros[i])), 0);
        }
        ledger.count(batch("a", micros.length + 1, greeting(Outcome.FAILED, 1)), 0);
        LedgerSnapshot.Durations durations = ledger.snapshot().durations().greeting();
        assertThat(durations.counts())
                .containsExactly(2L, 2L, 1L, 0L, 0L, 0L, 0L, 1L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 2L);
        assertThat(durations.sumMicros())
                .isEqualTo(10 + 11 + 25 + 26 + 2_500 + 2_502 + 10_000_000 + 11_000_000 + 3_600_000_000L);
    }

    private Stats stats() {
        return ledger.stats(Stats.Scope.CLUSTER, Instant.EPOCH, 0);
    }

    private Stats.Rate rate(long second) {
        return ledger.stats(Stats.Scope.CLUSTER, Instant.EPOCH, second * SECOND)
                .rates()
                .greeting();
    }
}

package dev.greeter.ledger;

import static dev.greeter.ledger.Exchanges.greeting;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.greeter.bus.Outcome;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.LoggerFactory;

@ResourceLock("greeter.exchange")
class ExchangeLogTest {
    private static final long SECOND = 1_000_000_000L;

    private final Logger logger = (Logger) LoggerFactory.getLogger("greeter.exchange");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void logsAnExchangeAsOneStructuredLine() {
        new ExchangeLog("greeter-0", 10).log(greeting(Outcome.ANSWERED, 7), 1, 0);
        assertThat(texts())
                .containsExactly("exchange at=2026-11-23T06:16:00.250Z protocol=greeting form=session outcome=answered"
                        + " peer=10.0.0.7:4711 token=7f3a octets=11 durationMicros=7 node=greeter-0");
    }

    @Test
    void saysInOneLineHowManyOfASecondItLeftOut() {
        ExchangeLog log = new ExchangeLog("greeter-0", 2);
        for (int i = 0; i < 5; i++) {
            log.log(greeting(Outcome.ANSWERED, i), 1, SECOND / 2);
        }
        assertThat(texts()).hasSize(2);
        log.tick(SECOND);
        assertThat(texts()).hasSize(3).last().isEqualTo("exchanges left out leftOut=3 node=greeter-0");
        log.log(greeting(Outcome.ANSWERED, 5), 1, SECOND);
        log.tick(2 * SECOND);
        assertThat(texts()).hasSize(4).last().asString().contains("durationMicros=5");
    }

    @Test
    void logsAsManyAsItIsToldFromTheNextSecondOn() {
        ExchangeLog log = new ExchangeLog("greeter-0", 2);
        log.log(greeting(Outcome.ANSWERED, 0), 1, 0);
        log.logAtMost(0);
        log.log(greeting(Outcome.ANSWERED, 1), 1, 1);
        assertThat(texts()).hasSize(2);
        log.log(greeting(Outcome.ANSWERED, 2), 1, SECOND);
        log.logAtMost(3);
        log.log(greeting(Outcome.ANSWERED, 3), 1, SECOND);
        assertThat(texts()).hasSize(2);
        for (int i = 4; i < 8; i++) {
            log.log(greeting(Outcome.ANSWERED, i), 1, 2 * SECOND);
        }
        assertThat(texts()).hasSize(6).contains("exchanges left out leftOut=2 node=greeter-0");
    }

    @Test
    void hasALineForEachOfEqualExchangesUpToTheLimit() {
        ExchangeLog log = new ExchangeLog("greeter-0", 3);
        log.log(greeting(Outcome.ANSWERED, 1), 2, 0);
        log.log(greeting(Outcome.ANSWERED, 2), 4, 0);
        log.flush();
        assertThat(texts()).hasSize(4).last().isEqualTo("exchanges left out leftOut=3 node=greeter-0");
        assertThat(log.suppressed()).isEqualTo(3);
    }

    @Test
    void saysAtTheStopWhatItLeftOut() {
        ExchangeLog log = new ExchangeLog("greeter-0", 0);
        log.log(greeting(Outcome.ANSWERED, 1), 1, 0);
        log.flush();
        log.flush();
        assertThat(texts()).containsExactly("exchanges left out leftOut=1 node=greeter-0");
    }

    private List<String> texts() {
        return lines.list.stream()
                .map(line -> line.getFormattedMessage()
                        + line.getKeyValuePairs().stream()
                                .map(pair -> " " + pair.key + "=" + pair.value)
                                .collect(Collectors.joining()))
                .toList();
    }
}

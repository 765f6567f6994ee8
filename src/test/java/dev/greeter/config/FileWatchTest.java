package dev.greeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FileWatchTest {
    private static final Set<Integer> FAILING = Set.of(1, 2, 4);

    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void goesOnAfterLooksThatFailAndLogsTheFirstOfThoseInARow() {
        Logger logger = (Logger) LoggerFactory.getLogger(FileWatch.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try (FileWatch watch = new FileWatch("test files")) {
            watch.start(this::look);
            await().until(() -> looks.get() == 5);
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(line -> line.getFormattedMessage() + ": "
                        + line.getThrowableProxy().getMessage())
                .containsExactly(
                        "the watch of the test files failed; it goes on: look 1",
                        "the watch of the test files failed; it goes on: look 4");
    }

    private void look() {
        int look = looks.incrementAndGet();
        if (FAILING.contains(look)) {
            throw new IllegalStateException("look " + look);
        }
    }
}

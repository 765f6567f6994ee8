package dev.greeter.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class OutOfMemoryExitTest {
    private final AtomicInteger exits = new AtomicInteger();
    private final LoggerContext context = new LoggerContext();
    private final OutOfMemoryExit exit = new OutOfMemoryExit(exits::incrementAndGet);
    private final Logger log = context.getLogger("some.library");

    OutOfMemoryExitTest() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        context.addTurboFilter(exit);
    }

    static Stream<Throwable> shortages() {
        OutOfMemoryError shortage = new OutOfMemoryError("Java heap space");
        return Stream.of(shortage, new IllegalStateException(new IOException(shortage)));
    }

    @ParameterizedTest
    @MethodSource("shortages")
    void endsTheProcessWhateverTheLevelIs(Throwable failure) {
        log.debug("caught", failure);
        log.warn("caught of {}", "a task", failure);
        log.error("caught of {} in {} and {}", "a task", "a loop", "so on", failure);
        assertThat(exits).hasValue(3);
    }

    @Test
    void staysForAnyOtherFailure() {
        log.error("caught", new IllegalStateException(new StackOverflowError()));
        log.error("no failure: {}", "out of memory");
        log.error("none");
        assertThat(exits).hasValue(0);
    }

    @Test
    void endsTheProcessForWhatNobodyCaught() {
        exit.uncaughtException(Thread.currentThread(), new OutOfMemoryError("unable to create native thread"));
        assertThat(exits).hasValue(1);
    }

    @Test
    void logsAnyOtherFailureThatNobodyCaughtOnceWithItsThread() throws Exception {
        IllegalStateException failure = new IllegalStateException("nobody caught this");
        List<ILoggingEvent> lines = logged(new ListAppender<>(), failure);

        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getFormattedMessage()).isEqualTo("the thread failing ended by a failure");
            assertThat(((ThrowableProxy) line.getThrowableProxy()).getThrowable())
                    .isSameAs(failure);
        });
        assertThat(exits).hasValue(0);
    }

    @Test
    void printsAFailureThatCannotBeLogged() throws Exception {
        PrintStream stderr = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            logged(new NoAppender(), new IllegalStateException("nobody caught this"));
        } finally {
            System.setErr(stderr);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("greeter serve: the thread failing ended by a failure"
                        + System.lineSeparator()
                        + "java.lang.IllegalStateException: nobody caught this");
    }

    /** Lets a thread end by the failure, and returns what it logged. */
    private List<ILoggingEvent> logged(ListAppender<ILoggingEvent> lines, RuntimeException failure) throws Exception {
        var logger = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(OutOfMemoryExit.class);
        Thread thread = new Thread(
                () -> {
                    throw failure;
                },
                "failing");
        thread.setUncaughtExceptionHandler(exit);
        lines.start();
        logger.addAppender(lines);
        try {
            thread.start();
            thread.join();
        } finally {
            logger.detachAppender(lines);
        }
        return lines.list;
    }

    private static final class NoAppender extends ListAppender<ILoggingEvent> {
        @Override
        public synchronized void doAppend(ILoggingEvent event) {
            throw new IllegalStateException("no line can be logged");
        }
    }
}

package dev.greeter.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;

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
}

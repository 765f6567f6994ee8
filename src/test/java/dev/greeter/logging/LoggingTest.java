package dev.greeter.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LoggingTest {
    private static final int QUEUED_LINES = 16;
    private static final int QUEUED_BELOW_WARN = 14;

    private final LoggerContext context = context();
    private final Logger log = context.getLogger("dev.greeter.Test");
    private final GatedStream out = new GatedStream();

    @Test
    void writesOneObjectALine() {
        out.open();
        Logging logging = logging(Level.INFO);
        log.atInfo().addKeyValue("port", 1234).log("listening");
        log.warn("second");
        logging.close();
        JsonObject first = new JsonObject(out.lines().get(0));

        assertThat(out.lines()).hasSize(2);
        assertThat(first.remove("@timestamp"))
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(first)
                .isEqualTo(new JsonObject()
                        .put("level", "INFO")
                        .put("logger", "dev.greeter.Test")
                        .put("thread", Thread.currentThread().getName())
                        .put("message", "listening")
                        .put("port", 1234));
    }

    @Test
    void countsExactlyWhatItHasNoRoomFor() throws Exception {
        Logging logging = logging(Level.INFO);
        log.info("held up");
        out.awaitWriter();
        for (int i = 0; i < 100; i++) {
            log.info("info {}", i);
        }
        for (int i = 0; i < 5; i++) {
            log.warn("warn {}", i);
        }
        out.open();
        await().until(() -> out.lines().size() == 1 + QUEUED_LINES + 1);
        logging.close();
        List<String> expected = new ArrayList<>(List.of("held up"));
        IntStream.range(0, QUEUED_BELOW_WARN).mapToObj(i -> "info " + i).forEach(expected::add);
        expected.addAll(List.of("warn 0", "warn 1"));
        // told as soon as half of the queue is free again
        expected.add(1 + QUEUED_LINES / 2, "log lines dropped, for want of room: 89");

        assertThat(out.messages()).isEqualTo(expected);
    }

    @Test
    void tellsWhatWasDroppedAtTheClose() throws Exception {
        Logging logging = logging(Level.INFO);
        log.info("held up");
        out.awaitWriter();
        for (int i = 0; i < QUEUED_BELOW_WARN + 1; i++) {
            log.info("info");
        }
        Thread closing = new Thread(logging::close);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        out.open();
        closing.join();

        assertThat(out.messages())
                .hasSize(1 + QUEUED_BELOW_WARN + 1)
                .endsWith("log lines dropped, for want of room: 1");
    }

    @Test
    void losesNothingUnseenWhileManyLogAndOneCloses() throws Exception {
        int threads = 4;
        int lines = 2_000;
        out.open();
        Logging logging = logging(Level.INFO);
        ExecutorService loggers = Executors.newFixedThreadPool(threads);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            done.add(loggers.submit(() -> IntStream.range(0, lines).forEach(line -> log.info("line"))));
        }
        await().until(() -> !out.lines().isEmpty());
        logging.close();
        for (Future<?> logger : done) {
            logger.get();
        }
        loggers.shutdown();
        logging.close();
        List<JsonObject> written = out.lines().stream().map(JsonObject::new).toList();
        long whole =
                written.stream().filter(line -> !line.containsKey("dropped")).count();
        long dropped =
                written.stream().mapToLong(line -> line.getLong("dropped", 0L)).sum();

        assertThat(whole + dropped).isEqualTo((long) threads * lines);
    }

    @Test
    void writesWhatIsQueuedAtTheClose() throws Exception {
        Logging logging = logging(Level.INFO);
        log.info("first");
        out.awaitWriter();
        log.info("second");
        Thread closing = new Thread(logging::close);
        closing.start();
        out.open();
        closing.join();
        logging.close();

        assertThat(out.messages()).containsExactly("first", "second");
    }

    @Test
    void writesAtOnceAfterTheClose() {
        out.open();
        Logging logging = logging(Level.INFO);
        logging.close();
        log.info("late");

        assertThat(out.messages()).containsExactly("late");
    }

    @Test
    void closesWhileTheStreamIsStuck() throws Exception {
        Logging logging = logging(Level.INFO);
        log.info("stuck");
        out.awaitWriter();
        logging.close();

        assertThat(out.lines()).isEmpty();
        out.open();
    }

    static Stream<Throwable> failures() {
        return Stream.of(new IllegalStateException(), new StackOverflowError(), new NoClassDefFoundError());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void countsALineThatCannotBeWritten(Throwable failure) {
        out.open();
        Logging logging = logging(Level.INFO);
        log.atInfo().addKeyValue("value", new Unshowable(failure)).log("never seen");
        logging.close();
        assertThat(out.messages()).containsExactly("log lines dropped, for want of room: 1");
    }

    @Test
    void reportsWhatTheStreamDidNotTakeOnceThereIsRoomAgain() {
        out.open();
        Logging logging = logging(Level.INFO);
        log.info("first");
        await().until(() -> out.lines().size() == 1);
        out.full = true;
        for (int i = 0; i < 3; i++) {
            log.info("never seen");
        }
        await().until(() -> out.refused("never seen") == 3);
        out.full = false;
        // nothing more is logged
        await().until(() -> out.lines().size() == 3);
        logging.close();
        assertThat(out.lines().get(1)).as("the start of a line").isEqualTo("{\"@timestamp\"");
        assertThat(new JsonObject(out.lines().get(2)).getInteger("dropped")).isEqualTo(3);
    }

    @Test
    void opensUpItsOwnLoggersOnly() {
        out.open();
        Logging logging = logging(Level.DEBUG);
        log.debug("ours");
        context.getLogger("io.netty").debug("theirs");
        context.getLogger("io.netty").info("theirs that matters");
        logging.close();
        assertThat(out.messages()).containsExactly("ours", "theirs that matters");
    }

    @Test
    void leavesOutWhatClientsOfTheBridgeSendWrong() {
        out.open();
        Logging logging = logging(Level.DEBUG);
        context.getLogger("io.vertx.ext.web.handler.sockjs.impl.EventBusBridgeImpl")
                .error("Invalid type");
        logging.close();
        assertThat(out.messages()).isEmpty();
    }

    @Test
    void changesTheLevel() {
        out.open();
        Logging logging = logging(Level.INFO);
        logging.level(Level.ERROR);
        log.warn("unseen");
        context.getLogger("io.netty").warn("unseen");
        logging.level(Level.INFO);
        log.info("seen");
        logging.close();
        assertThat(out.messages()).containsExactly("seen");
    }

    @Test
    void isQuietUntilItStarts() {
        LoggerContext quiet = context();

        assertThat(new LoggingConfigurator().configure(quiet)).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        assertThat(quiet.getLogger("dev.greeter").isInfoEnabled()).isFalse();
        assertThat(quiet.getLogger("dev.greeter").isWarnEnabled()).isTrue();
        assertThat(quiet.getLogger("io.vertx").isErrorEnabled()).isFalse();
        assertThat(quiet.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
                .toIterable()
                .singleElement()
                .isExactlyInstanceOf(LineAppender.class);
    }

    @Test
    void isWhatLogbackStartsWith() {
        LoggerContext global = (LoggerContext) LoggerFactory.getILoggerFactory();

        assertThat(global.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
                .toIterable()
                .singleElement()
                .isInstanceOf(LineAppender.class);
    }

    @Test
    void takesWhatVertxAndNettyLog() {
        assertThat(io.vertx.core.internal.logging.LoggerFactory.getLogger("test")
                        .implementation())
                .isEqualTo("slf4j");
        assertThat(InternalLoggerFactory.getDefaultFactory().getClass().getSimpleName())
                .isEqualTo("Slf4JLoggerFactory");
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/pts/0,true",
        "/dev/tty1,true",
        "/dev/console,true",
        "pipe:[1234],false",
        "/dev/null,false",
        "/var/log/greeter.log,false",
        "socket:[1234],false",
    })
    void tellsATerminal(String device, boolean terminal) {
        assertThat(Logging.isTerminal(device)).isEqualTo(terminal);
    }

    private Logging logging(Level level) {
        return new Logging(context, new JsonLine(), out, QUEUED_LINES, level);
    }

    private static LoggerContext context() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        return context;
    }

    private record Unshowable(Throwable failure) {
        @Override
        public String toString() {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }
}

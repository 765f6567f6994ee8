package dev.greeter.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.greeter.config.Config;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The service's log, on stdout, from {@link #start} to {@link #close}. Before and after, and in the client commands, only
 * Greeter's own warnings and errors are logged, on stderr: see {@link LoggingConfigurator}.
 *
 * <p>Logging never blocks the thread that logs: lines wait in a bounded queue. Lines for which it has no room, or that the
 * stream does not take, are counted, and their number is logged when there is room again.
 */
public final class Logging implements AutoCloseable {
    /** The start of the names of this program's loggers. */
    static final String OURS = "dev.greeter";

    /** It logs each mistake of a bridge's client as an error, as often as the client likes; the client gets a reply anyway. */
    private static final String BRIDGE = "io.vertx.ext.web.handler.sockjs";

    /** It logs dozens of lines and stack traces when a node comes or goes, of which Greeter logs one. */
    private static final String HAZELCAST = "com.hazelcast";

    /** It logs an error and a stack trace if a node stops while another one joins or leaves; the others repeat the migration. */
    private static final String MIGRATIONS = "com.hazelcast.internal.partition.impl.MigrationManagerImpl";

    private static final int QUEUED_LINES = 4096;

    private static final Path LINUX_STDOUT = Path.of("/proc/self/fd/1");

    private static final OutOfMemoryExit OUT_OF_MEMORY = OutOfMemoryExit.ofProcess();

    private final LoggerContext context;
    private final QueuedLineAppender appender;

    Logging(
            LoggerContext context,
            Function<ILoggingEvent, String> format,
            OutputStream out,
            int queuedLines,
            Level level) {
        this.context = context;
        this.appender = new QueuedLineAppender(context, format, out, queuedLines);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).detachAndStopAllAppenders();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        context.getLogger(BRIDGE).setLevel(ch.qos.logback.classic.Level.OFF);
        context.getLogger(MIGRATIONS).setLevel(ch.qos.logback.classic.Level.OFF);
        level(level);
    }

    /** Logs to stdout from now on. */
    public static Logging start(Config.Log log) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.addTurboFilter(OUT_OF_MEMORY);
        // System.out would not report that it could not write
        OutputStream stdout = new FileOutputStream(FileDescriptor.out);
        return new Logging(context, format(log.format()), stdout, QUEUED_LINES, log.level());
    }

    /** Returns a handler of uncaught failures that ends the process when memory has run out, and logs any other. */
    public Thread.UncaughtExceptionHandler outOfMemory() {
        return OUT_OF_MEMORY;
    }

    /**
     * Changes the level from now on. Debug and trace are for Greeter alone, because those of libraries are no matter of an
     * operator.
     */
    public void level(Level level) {
        Level libraries = level.compareTo(Level.INFO) > 0 ? Level.INFO : level;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(logback(libraries));
        context.getLogger(OURS).setLevel(logback(level));
        context.getLogger(HAZELCAST).setLevel(logback(level.compareTo(Level.INFO) > 0 ? Level.INFO : Level.ERROR));
    }

    /**
     * Writes what is queued, for at most two seconds; what is logged later is written at once, by the thread that logs.
     * Any thread may call, any number of times.
     */
    @Override
    public void close() {
        appender.flush();
    }

    private static Function<ILoggingEvent, String> format(Config.Log.Format format) {
        return switch (format) {
            case TEXT -> new TextLine(ZoneId.systemDefault());
            case JSON -> new JsonLine();
            case AUTO -> format(stdoutIsATerminal() ? Config.Log.Format.TEXT : Config.Log.Format.JSON);
        };
    }

    private static boolean stdoutIsATerminal() {
        try {
            // System.console() needs a terminal as stdin too, which a service seldom has
            return isTerminal(Files.readSymbolicLink(LINUX_STDOUT).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return isTerminal(System.console());
        }
    }

    static boolean isTerminal(String device) {
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
    }

    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            // since Java 22 there is a console without a terminal too, and this method
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static ch.qos.logback.classic.Level logback(Level level) {
        return ch.qos.logback.classic.Level.convertAnSLF4JLevel(level);
    }
}

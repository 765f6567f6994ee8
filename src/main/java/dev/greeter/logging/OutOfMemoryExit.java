package dev.greeter.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Ends the process at once when memory has run out: of the heap, of direct buffers or of threads. Netty and Vert.x catch
 * every error and log it, so all of them pass here, whether their level is enabled or not. The JVM's own option exits with
 * 3, does not cover direct buffers, and would have to be on every user's command line. Logs any other failure that nobody
 * caught.
 */
public final class OutOfMemoryExit extends TurboFilter implements Thread.UncaughtExceptionHandler {
    /** The exit code. */
    public static final int CODE = 4;

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OutOfMemoryExit.class);

    private static final int MAX_CAUSES = 8;

    /** Made beforehand, because there may be no memory for it later. */
    private static final byte[] LINE =
            "greeter serve: memory has run out, so the process ends\n".getBytes(StandardCharsets.US_ASCII);

    private final Runnable exit;

    OutOfMemoryExit(Runnable exit) {
        this.exit = exit;
    }

    /** Makes one that ends this process. */
    static OutOfMemoryExit ofProcess() {
        return new OutOfMemoryExit(OutOfMemoryExit::exit);
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            @Nullable Logger logger,
            @Nullable Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        if (isOutOfMemory(failure) || (parameters != null && isOutOfMemory(last(parameters)))) {
            exit.run();
        }
        return FilterReply.NEUTRAL;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (isOutOfMemory(failure)) {
            exit.run();
        }
        try {
            LOG.error("the thread {} ended by a failure", thread.getName(), failure);
        } catch (RuntimeException | Error unlogged) {
            // nobody else reports it: the JVM drops what this method throws
            System.err.println("greeter serve: the thread " + thread.getName() + " ended by a failure");
            failure.printStackTrace();
        }
    }

    /** A failure that has no place in the format is the last parameter. */
    private static @Nullable Throwable last(Object[] parameters) {
        return parameters.length > 0 && parameters[parameters.length - 1] instanceof Throwable failure ? failure : null;
    }

    private static boolean isOutOfMemory(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static void exit() {
        try (FileOutputStream stderr = new FileOutputStream(FileDescriptor.err)) {
            stderr.write(LINE);
        } catch (IOException | OutOfMemoryError unheard) {
            // the exit code reports it
        }
        // no hook runs: a stop would need memory
        Runtime.getRuntime().halt(CODE);
    }
}

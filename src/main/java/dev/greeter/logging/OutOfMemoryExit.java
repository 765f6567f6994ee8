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
import org.slf4j.Marker;

/**
 * Ends the process at once when memory has run out: of the heap, of direct buffers or of threads. Whatever catches such
 * an error logs it, whether that level is enabled or not, and Netty and Vert.x catch every error; so the log is where all
 * of them pass. The JVM's own option exits with 3, knows nothing of direct buffers, and stands on no command line of a
 * user.
 */
public final class OutOfMemoryExit extends TurboFilter implements Thread.UncaughtExceptionHandler {
    /** The exit code. */
    public static final int CODE = 4;

    private static final int MAX_CAUSES = 8;

    /** Made beforehand, because there may be no memory for it then. */
    private static final byte[] LINE =
            "greeter serve: memory has run out, so the process ends\n".getBytes(StandardCharsets.US_ASCII);

    private final Runnable exit;

    OutOfMemoryExit(Runnable exit) {
        this.exit = exit;
    }

    /** One that ends this process. */
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
        thread.getThreadGroup().uncaughtException(thread, failure);
    }

    /** A failure without a parameter of its own is the last one. */
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
            // the exit code says it
        }
        // no hook runs: what a stop needs is just what there is none of
        Runtime.getRuntime().halt(CODE);
    }
}

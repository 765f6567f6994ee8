package dev.greeter;

import dev.greeter.cli.Commands;
import dev.greeter.cluster.DnsCache;
import dev.greeter.config.Config;
import dev.greeter.config.ConfigException;
import dev.greeter.config.ConfigSources;
import dev.greeter.config.ConfigWatch;
import dev.greeter.config.FileWatch;
import dev.greeter.config.Version;
import dev.greeter.logging.Logging;
import dev.greeter.net.tls.Certificates;
import dev.greeter.tracing.Tracing;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The process: its command line, signals and exit code. */
public final class Main {
    private static final int STOPPED = 0;
    private static final int NOT_STARTED = 1;
    private static final int MISUSED = 2;
    private static final int CUT_CONNECTIONS = 3;

    /** More than a stop takes beside its delay and its grace period, with a start that is under way before it. */
    private static final Duration STOP_MARGIN = Duration.ofMinutes(3);

    private Main() {}

    public static void main(String[] args) {
        System.exit(Commands.run(System.getenv(), System.out, System.err, Main::serve, args));
    }

    private static int serve(Config config, ConfigSources sources) throws InterruptedException {
        if (config.cluster().enabled()) {
            DnsCache.disable();
        }
        Logging logging = Logging.start(config.log());
        Thread.setDefaultUncaughtExceptionHandler(logging.outOfMemory());
        Certificates certificates;
        Tracing tracing;
        try {
            certificates = Certificates.read(config);
            tracing = Tracing.of(sources.environment(), config.node().name(), Version.number());
        } catch (ConfigException | IllegalArgumentException refused) {
            logging.close();
            System.err.println("greeter serve: " + refused.getMessage());
            return MISUSED;
        }
        Greeter greeter = new Greeter(config, certificates, tracing);
        FileWatch watch = ConfigWatch.start(config, sources, changed -> {
            logging.level(changed.log().level());
            greeter.change(changed);
        });
        FileWatch files = certificates.watch();
        Runnable endWatches = () -> {
            watch.close();
            files.close();
        };
        Duration stopTimeout =
                config.shutdown().delay().plus(config.shutdown().grace()).plus(STOP_MARGIN);
        Thread stop = new Thread(() -> stop(endWatches, greeter, stopTimeout, logging), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        new StopSignals(greeter, () -> Runtime.getRuntime().exit(STOPPED)).handle();
        try {
            greeter.start().toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failed) {
            if (isRemoved(stop)) {
                endWatches.run();
                logging.close();
                return NOT_STARTED;
            }
        }
        new CountDownLatch(1).await();
        return STOPPED;
    }

    /** False if the hook runs already, because a signal came during the start. */
    private static boolean isRemoved(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException running) {
            return false;
        }
    }

    /** Runs when a signal, or anything else, ends the JVM; the JVM waits for it. */
    private static void stop(Runnable endWatches, Greeter greeter, Duration timeout, Logging logging) {
        boolean cut;
        try {
            endWatches.run();
            cut = greeter.stop()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .completeOnTimeout(true, timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } finally {
            // an unexpected failure is logged after it, when lines are written at once: the JVM waits for no queue
            logging.close();
        }
        // after a signal the JVM exits with 128 and its number: only a halt can report how the stop went
        Runtime.getRuntime().halt(greeter.hasFailed() ? NOT_STARTED : cut ? CUT_CONNECTIONS : STOPPED);
    }
}

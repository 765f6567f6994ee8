package dev.greeter.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.ZoneId;
import org.slf4j.Logger;

/**
 * What Logback starts with, found as a service, so that it looks for no file: our own warnings and errors on stderr,
 * as the client commands keep it. {@link Logging#start} replaces it.
 */
public final class LoggingConfigurator extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        LineAppender stderr = new LineAppender(context, new TextLine(ZoneId.systemDefault()), System.err);
        stderr.start();
        // a client command tells its failure in one line, which a library's warning about the same would double
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        context.getLogger(Logging.OURS).setLevel(Level.WARN);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}

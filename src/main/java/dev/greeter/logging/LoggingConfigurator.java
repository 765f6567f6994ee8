package dev.greeter.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.ZoneId;
import org.slf4j.Logger;

/**
 * Configures Logback when it starts, as a service that it finds, so that it looks for no file: Greeter's own warnings and
 * errors on stderr. The client commands keep this; {@link Logging#start} replaces it.
 */
public final class LoggingConfigurator extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        LineAppender stderr = new LineAppender(context, new TextLine(ZoneId.systemDefault()), System.err);
        stderr.start();
        // a client command reports its failure in one line, which a library's warning would only repeat
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        context.getLogger(Logging.OURS).setLevel(Level.WARN);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}

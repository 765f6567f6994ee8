package dev.greeter.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;

/** Which events are logged with a stack trace. */
final class StackTraces {
    /**
     * Its failures are those of the network and of other nodes, and it logs some for each operation while nodes lose each
     * other. Where it called from says nothing to an operator.
     */
    private static final String CLUSTER_MANAGER = "com.hazelcast.";

    private StackTraces() {}

    /** Whether one line has to do, of an event that has a failure. */
    static boolean isLeftOut(ILoggingEvent event) {
        return event.getLoggerName().startsWith(CLUSTER_MANAGER);
    }

    /** A failure in one line. */
    static String cause(IThrowableProxy failure) {
        return failure.getClassName() + ": " + failure.getMessage();
    }
}

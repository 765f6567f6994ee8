package dev.greeter.http;

import io.netty.handler.codec.CodecException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where requests end up that failed in no way that has an answer of its own: what their clients did is logged at debug, and
 * what is our fault as an error, each in one line.
 */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Whether the client went, or sent what cannot be read. */
    static boolean isOfClient(Throwable failure) {
        return failure instanceof HttpClosedException
                || failure instanceof IOException
                || failure instanceof CodecException;
    }

    /** Nothing that the client made up stands in the line of an error. */
    static void log(HttpServerRequest request, Throwable failure) {
        if (isOfClient(failure)) {
            LOG.debug("{}: {}", request.connection().remoteAddress(), failure.toString());
        } else {
            LOG.error(
                    "a {} of {} failed", request.method(), request.connection().remoteAddress(), failure);
        }
    }
}

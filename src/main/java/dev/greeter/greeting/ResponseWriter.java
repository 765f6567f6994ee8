package dev.greeter.greeting;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.net.ClientSocket;
import dev.greeter.protocol.Request;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a connection's responses, and reports every exchange when its response was handed to the kernel or could not be.
 * Used by its event loop only.
 */
final class ResponseWriter {
    /** The reason of an exchange that ended because the peer went away. */
    static final String CLOSED = "closed";

    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

    private final ClientSocket socket;
    private final ExchangeReporter reporter;
    private final Backlog backlog;
    private final Runnable onDone;
    private final String peer;
    private Form form = Form.UNKNOWN;
    private @Nullable ResponseBatch batch;
    /** Null until a fault holds something back. */
    private @Nullable HeldResponses held;

    private int unwritten;
    private boolean closed;

    /** @param onDone runs whenever the last response on its way was handed over, or could not be */
    ResponseWriter(ClientSocket socket, ExchangeReporter reporter, Backlog backlog, Runnable onDone) {
        this.socket = socket;
        this.reporter = reporter;
        this.backlog = backlog;
        this.onDone = onDone;
        this.peer = socket.peer();
    }

    /** The client has chosen the form of its exchanges. */
    void form(Form chosen) {
        form = chosen;
    }

    /** Takes the responses until the next {@link #flush}. */
    ResponseBatch batch() {
        ResponseBatch open = batch;
        if (open == null) {
            open = new ResponseBatch(socket.buffer());
            batch = open;
        }
        return open;
    }

    /** Whether nothing is on its way. */
    boolean isDone() {
        return unwritten == 0;
    }

    /** Whether so much is on its way that it should not be more. */
    boolean isFull() {
        return isHeldBack() || !socket.isWritable();
    }

    /** Whether a fault holds responses back. */
    boolean isHeldBack() {
        return held != null && !held.isEmpty();
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Writes the batch.
     *
     * @return false if nothing had to be written
     */
    boolean flush() {
        ResponseBatch flushed = batch;
        batch = null;
        if (flushed == null) {
            return false;
        }
        if (held != null) {
            unwritten++;
            held.add(flushed);
            return true;
        }
        if (!flushed.octets().isReadable()) {
            discard(flushed, true);
            return false;
        }
        unwritten++;
        write(flushed);
        return true;
    }

    /** Holds back what is answered from now on; the future is asked for when all before it is written. */
    void holdBack(Supplier<Future<Void>> released) {
        flush();
        if (held == null) {
            held = new HeldResponses(this::write);
        }
        held.until(released);
    }

    private void write(ResponseBatch responses) {
        long weight = responses.weight();
        backlog.add(weight);
        socket.write(responses.octets()).onComplete(written -> {
            backlog.remove(weight);
            if (written.failed()) {
                ClientSocket.releaseUnwritten(responses.octets(), written.cause());
            }
            unwritten--;
            report(responses, written.succeeded());
            if (unwritten == 0) {
                onDone.run();
            }
        });
        if (backlog.isOver()) {
            // a client that reads has taken it now
            socket.flush();
            if (!isDone()) {
                LOG.debug("{}: takes no answers, and too many wait", peer);
                // at once, because what is done later is done after all other connections have written
                socket.reset();
            }
        }
    }

    private void discard(ResponseBatch responses, boolean clientIsThere) {
        responses.octets().release();
        report(responses, clientIsThere);
    }

    /** The write has ended, and so have the exchanges. */
    private void report(ResponseBatch responses, boolean handedOver) {
        long micros = responses.micros();
        Outcome outcome = handedOver ? Outcome.ANSWERED : Outcome.FAILED;
        String reason = handedOver ? null : CLOSED;
        int next;
        for (int first = 0; first < responses.size(); first = next) {
            Request.Greeting greeting = responses.answered(first);
            next = responses.endOfRun(first);
            reporter.report(
                    exchange(responses.readAt(), outcome, greeting.token(), reason, greeting.octets(), micros),
                    next - first);
        }
        ResponseBatch.Unanswered last = responses.last();
        if (last != null) {
            Outcome ofLast = handedOver ? last.outcome() : Outcome.FAILED;
            reporter.report(exchange(responses.readAt(), ofLast, last.token(), last.reason(), last.octets(), micros));
        }
    }

    /** Reports a request that was not read whole, or was not looked at. */
    void refused(String reason, int octets) {
        reporter.report(exchange(Instant.now(), Outcome.REFUSED, null, reason, octets, 0));
    }

    private Exchange exchange(
            Instant readAt, Outcome outcome, @Nullable String token, @Nullable String reason, int octets, long micros) {
        return new Exchange(readAt, Protocol.GREETING, form, outcome, peer, token, reason, octets, micros);
    }

    /** The client has gone: what is held back can't be handed over. */
    void close() {
        closed = true;
        if (held != null) {
            held.close(responses -> {
                unwritten--;
                discard(responses, false);
            });
        }
    }
}

package dev.greeter.greeting;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.net.ClientSocket;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection's answers on their way to the kernel, and the report of every exchange that ends so, or without. */
final class ResponseWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

    private final ClientSocket socket;
    private final GreetingHandler dialogue;
    private final ExchangeReporter reporter;
    private final Runnable onDone;
    private final String peer;
    private final Backlog backlog;
    private int unwritten;

    /** @param onDone runs whenever the last answer on its way was handed over, or could not be */
    ResponseWriter(
            ClientSocket socket,
            GreetingHandler dialogue,
            ExchangeReporter reporter,
            Backlog backlog,
            Runnable onDone) {
        this.backlog = backlog;
        this.socket = socket;
        this.dialogue = dialogue;
        this.reporter = reporter;
        this.onDone = onDone;
        this.peer = socket.peer();
    }

    /** None yet, to what is read now. */
    ResponseBatch answers() {
        return new ResponseBatch(socket.buffer());
    }

    /** Whether nothing is on its way. */
    boolean isDone() {
        return unwritten == 0;
    }

    void write(ResponseBatch answers) {
        long weight = answers.weight();
        unwritten++;
        backlog.add(weight);
        socket.write(answers.octets()).onComplete(written -> {
            unwritten--;
            backlog.remove(weight);
            if (written.failed() && answers.octets().refCnt() > 0) {
                // Netty releases what it could not write; what was still queued in Vert.x is ours
                answers.octets().release();
            }
            answers.report(reporter, dialogue.form(), peer, written.succeeded());
            if (unwritten == 0) {
                onDone.run();
            }
        });
        if (backlog.isOver()) {
            // who takes it now has taken it
            socket.flush();
            if (!isDone()) {
                LOG.debug("{}: takes no answers, and too many wait", peer);
                socket.cutLater();
            }
        }
    }

    /** Nothing of it is written: the exchanges ended without, or there are none. */
    void discard(ResponseBatch answers, boolean clientIsThere) {
        answers.octets().release();
        answers.report(reporter, dialogue.form(), peer, clientIsThere);
    }

    /** An exchange of which not all was read. */
    void refused(String reason, int octets) {
        reporter.report(new Exchange(
                Instant.now(), Protocol.GREETING, dialogue.form(), Outcome.REFUSED, peer, null, reason, octets, 0));
    }
}

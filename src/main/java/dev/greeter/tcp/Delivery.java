package dev.greeter.tcp;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.net.Addresses;
import io.vertx.core.internal.net.NetSocketInternal;
import java.time.Instant;

/** A connection's answers on their way to the kernel, and the report of every exchange that ends so, or without. */
final class Delivery {
    private final NetSocketInternal socket;
    private final Dialogue dialogue;
    private final ExchangeReporter reporter;
    private final Runnable onDone;
    private final String peer;
    private int unwritten;

    /** @param onDone runs whenever the last answer on its way was handed over, or could not be */
    Delivery(NetSocketInternal socket, Dialogue dialogue, ExchangeReporter reporter, Runnable onDone) {
        this.socket = socket;
        this.dialogue = dialogue;
        this.reporter = reporter;
        this.onDone = onDone;
        this.peer = Addresses.text(socket.remoteAddress());
    }

    /** None yet, to what is read now. */
    Answers answers() {
        return new Answers(socket.channelHandlerContext().alloc().buffer());
    }

    /** Whether nothing is on its way. */
    boolean isDone() {
        return unwritten == 0;
    }

    void write(Answers answers) {
        unwritten++;
        socket.writeMessage(answers.octets()).onComplete(written -> {
            unwritten--;
            if (written.failed() && answers.octets().refCnt() > 0) {
                // Netty releases what it could not write; what was still queued in Vert.x is ours
                answers.octets().release();
            }
            answers.report(reporter, dialogue.form(), peer, written.succeeded());
            if (unwritten == 0) {
                onDone.run();
            }
        });
    }

    /** Nothing of it is written: the exchanges ended without, or there are none. */
    void discard(Answers answers, boolean clientIsThere) {
        answers.octets().release();
        answers.report(reporter, dialogue.form(), peer, clientIsThere);
    }

    /** An exchange of which not all was read. */
    void refused(String reason, int octets) {
        reporter.report(new Exchange(
                Instant.now(), Protocol.GREETING, dialogue.form(), Outcome.REFUSED, peer, null, reason, octets, 0));
    }
}

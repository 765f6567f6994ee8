package dev.greeter.greeting;

import dev.greeter.bus.ExchangeReporter;
import dev.greeter.config.Config;
import dev.greeter.greeting.GreetingHandler.Next;
import dev.greeter.greeting.ReadGate.Hold;
import dev.greeter.net.ClientSocket;
import dev.greeter.net.Deadline;
import dev.greeter.net.LoopClock;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, from its first octet to the close (sections 1 to 7 of {@code src/docs/protocol.md}). Used by
 * its verticle's event loop only.
 *
 * <p>It reads only while there is room for the responses on the way out and for their counting. It never closes a
 * connection whose client may still send: it half-closes and drops what still comes, for a bounded time and up to a bounded
 * length, because a reset would eat the answer.
 */
final class GreetingConnection {
    /** On drain, how long a client that has connected and said nothing yet may still greet. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int MAX_DROPPED_OCTETS = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(GreetingConnection.class);

    private enum State {
        /** It is read and answered. */
        OPEN,
        /** The last response is on its way out; nothing more is read. */
        FINISHING,
        /** Half-closed; all that comes is dropped. */
        LINGERING,
        CLOSED
    }

    private final ClientSocket socket;
    private final Config.Greeting config;
    private final GreetingHandler handler;
    private final ResponseWriter responses;
    private final ExchangeReporter reporter;
    private final ReadGate gate;
    private final Deadline deadline;

    private Runnable onClosed = () -> {};
    private State state = State.OPEN;
    private boolean inputEnded;
    private boolean draining;
    private boolean resets;
    private boolean refusedUnread;
    private int droppedOctets;

    GreetingConnection(
            ClientSocket socket,
            Config.Greeting config,
            Reply.Node node,
            Greeter greeter,
            ExchangeReporter reporter,
            LoopClock clock,
            Backlog backlog) {
        this.socket = socket;
        this.config = config;
        this.reporter = reporter;
        responses = new ResponseWriter(socket, reporter, backlog, this::written);
        handler = new GreetingHandler(node, greeter, responses);
        deadline = clock.deadline();
        // the time for which it does not read is not the client's
        gate = new ReadGate(socket, reporter, () -> deadline.in(config.idleTimeout()));
        deadline.in(config.handshakeTimeout());
    }

    /** @param closed runs once, when the connection is closed and all of its exchanges are reported */
    void open(Runnable closed) {
        onClosed = closed;
        socket.socket()
                .exceptionHandler(this::failed)
                .shutdownHandler(grace -> drain())
                .closeHandler(close -> closed());
        socket.read(this::received, this::inputEnded);
    }

    private void failed(Throwable failure) {
        if (failure instanceof Error error) {
            // not the client's doing
            LOG.error("a connection failed", error);
        } else {
            LOG.debug("{}: {}", socket.peer(), failure.toString());
        }
    }

    /** The server has as many connections as it allows. */
    void refuseBusy() {
        refusedUnread = true;
        responses.batch().say(Reply.Refused.BUSY);
        finish();
    }

    /** Called at each tick of the clock. */
    void check() {
        if (responses.isHeldBack()) {
            // a fault's delay is not the client's
            deadline.in(config.idleTimeout());
        } else if (deadline.isOver() && state == State.OPEN) {
            timeOut();
        } else if (deadline.isOver()) {
            giveUp();
        }
    }

    /** The client takes nothing any more. */
    private void giveUp() {
        if (responses.isDone()) {
            close();
        } else {
            socket.reset();
        }
    }

    /** The end of the grace period. */
    void cut() {
        // a client without Bye does not know which lines were not processed
        boolean isAsking = state == State.OPEN && (handler.isMidRequest() || handler.isInSession());
        if (isAsking || !responses.isDone()) {
            reporter.cut();
        }
        close();
    }

    /** The server is about to stop. */
    void drain() {
        draining = true;
        if (state == State.OPEN) {
            if (handler.isInSession()) {
                sayBye();
            } else {
                deadline.inAtMost(LAST_CHANCE);
            }
        }
    }

    private void received(ByteBuf octets) {
        if (state == State.OPEN && socket.lacksTls()) {
            responses.batch().refuse(new Request.Malformed(Reply.Refused.TLS, octets.readableBytes()));
            finish();
        } else if (state == State.OPEN) {
            goOn(handler.read(octets));
        } else if (state != State.CLOSED) {
            drop(octets);
        }
    }

    private void goOn(Next next) {
        if (next != Next.READ_ON) {
            resets = next == Next.RESET;
            finish();
        } else if (draining && handler.isInSession()) {
            sayBye();
        } else if (responses.flush()) {
            deadline.in(config.idleTimeout());
            gate.holdIfFull(responses);
        }
    }

    private void inputEnded() {
        inputEnded = true;
        if (state == State.OPEN) {
            handler.end();
            finish();
        } else if (state == State.LINGERING) {
            socket.finish();
        }
    }

    private void timeOut() {
        if (gate.isHeldFor(Hold.COUNTING)) {
            return;
        }
        if (!responses.isDone() || !socket.isReady()) {
            // the client takes no answers, or its TLS handshake is not done: it would not take an error either
            giveUp();
        } else {
            handler.timeOut(draining);
            finish();
        }
    }

    private void sayBye() {
        responses.batch().say(Reply.Bye.INSTANCE);
        reporter.drained();
        finish();
    }

    /** These are the last responses. */
    private void finish() {
        state = State.FINISHING;
        deadline.in(config.idleTimeout());
        if (!responses.flush() && responses.isDone()) {
            end();
        }
    }

    /** All responses are handed over, or could not be. */
    private void written() {
        switch (state) {
            case OPEN -> gate.release(Hold.RESPONSES);
            case FINISHING -> end();
            case LINGERING -> {}
            case CLOSED -> onClosed.run();
        }
    }

    private void end() {
        if (resets) {
            socket.reset();
        } else if (inputEnded) {
            socket.finish();
        } else if (!socket.halfClose(this::close)) {
            close();
        } else {
            state = State.LINGERING;
            droppedOctets = 0;
            deadline.in(LINGER);
            gate.releaseAll();
        }
    }

    private void drop(ByteBuf octets) {
        if (refusedUnread) {
            refusedUnread = false;
            responses.refused(Reply.Refused.BUSY.code(), octets.readableBytes());
        }
        droppedOctets += octets.readableBytes();
        if (droppedOctets > MAX_DROPPED_OCTETS && state == State.LINGERING) {
            close();
        } else if (droppedOctets > MAX_DROPPED_OCTETS) {
            gate.hold(Hold.FLOOD);
        }
    }

    private void closed() {
        if (state == State.OPEN) {
            // the rest is after the last answer, and no request
            handler.close();
        }
        state = State.CLOSED;
        responses.close();
        // octets that were held back while it did not read are delivered, and so released
        gate.releaseAll();
        if (responses.isDone()) {
            onClosed.run();
        }
    }

    void close() {
        socket.cut();
    }
}

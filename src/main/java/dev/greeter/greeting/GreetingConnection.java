package dev.greeter.greeting;

import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Form;
import dev.greeter.config.Config;
import dev.greeter.greeting.ReadGate.Hold;
import dev.greeter.net.ClientSocket;
import dev.greeter.net.Deadline;
import dev.greeter.net.LoopClock;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, from its first octet to the close (sections 1 to 7 of {@code src/docs/protocol.md}). Used by
 * its verticle's event loop only.
 *
 * <p>It reads only while there is room for the answers on the way out and for their counting. It never closes a
 * connection whose client may still send: it half-closes and drains for a bounded time, as a reset would eat the answer.
 */
final class GreetingConnection {
    /** On drain, how long a client that has connected and said nothing yet may still greet. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(GreetingConnection.class);

    /**
     * Requests of a few octets can ask for much longer answers, and a read's answers are made at once. One read a turn, so
     * that clients that send without end do not hold up the others of their loop.
     */
    private static final RecvByteBufAllocator READS =
            new AdaptiveRecvByteBufAllocator(64, 512, 16 << 10).maxMessagesPerRead(1);

    private enum State {
        /** It is read and answered. */
        OPEN,
        /** A fault holds an answer back. */
        SUSPENDED,
        /** The last answer is on its way out; nothing more is read. */
        FINISHING,
        /** Half-closed; what comes is dropped. */
        LINGERING,
        CLOSED
    }

    private final Vertx vertx;
    private final ClientSocket socket;
    private final Config.Greeting config;
    private final GreetingHandler dialogue;
    private final ExchangeReporter reporter;
    private final ResponseWriter delivery;
    private final ReadGate intake;
    private final Linger linger;
    private final Deadline deadline;

    private Runnable onClosed = () -> {};
    private State state = State.OPEN;
    private @Nullable HeldRequest suspension;
    private boolean inputEnded;
    private boolean draining;
    private boolean resets;
    private boolean refusedUnread;

    GreetingConnection(
            Vertx vertx,
            ClientSocket socket,
            Config.Greeting config,
            GreetingHandler dialogue,
            ExchangeReporter reporter,
            LoopClock clock,
            Backlog backlog) {
        this.vertx = vertx;
        this.socket = socket;
        this.config = config;
        this.dialogue = dialogue;
        this.reporter = reporter;
        this.delivery = new ResponseWriter(socket, dialogue, reporter, backlog, this::delivered);
        this.deadline = clock.deadline();
        // the time that it does not read is not the peer's
        this.intake = new ReadGate(socket, reporter, () -> deadline.in(config.idleTimeout()));
        this.linger = new Linger(socket);
        deadline.in(config.handshakeTimeout());
    }

    /** @param onClosed runs once, when the connection is closed and all of its exchanges are reported */
    void open(Runnable onClosed) {
        this.onClosed = onClosed;
        socket.socket()
                .exceptionHandler(this::failed)
                .shutdownHandler(grace -> drain())
                .closeHandler(closed -> closed());
        socket.read(READS, this::received, this::inputEnded);
    }

    private void failed(Throwable failure) {
        if (failure instanceof Error error) {
            // not the peer's doing
            LOG.error("a connection failed", error);
        } else {
            LOG.debug("{}: {}", socket.peer(), failure.toString());
        }
    }

    /** The server has as many connections as it allows. */
    void refuseBusy() {
        refusedUnread = true;
        ResponseBatch answers = delivery.answers();
        answers.say(new Reply.Refused(Request.Malformed.BUSY));
        finish(answers);
    }

    /** Called at each tick of the clock. */
    void check() {
        if (state == State.SUSPENDED) {
            checkSuspension();
        } else if (deadline.isOver()) {
            switch (state) {
                case OPEN -> timeOut();
                case FINISHING, LINGERING -> close();
                case SUSPENDED, CLOSED -> {}
            }
        }
    }

    /** The end of the grace period. */
    void cut() {
        if (!delivery.isDone() || suspension != null || isMidRequest() || isSessionWithoutBye()) {
            reporter.cut();
        }
        close();
    }

    /** The server is about to stop. */
    void drain() {
        draining = true;
        switch (state) {
            case OPEN -> {
                if (dialogue.form() == Form.SESSION) {
                    sayBye(delivery.answers());
                } else {
                    deadline.inAtMost(LAST_CHANCE);
                }
            }
            case SUSPENDED -> checkSuspension();
            case FINISHING, LINGERING, CLOSED -> {}
        }
    }

    private void received(ByteBuf octets) {
        switch (state) {
            case OPEN -> {
                ResponseBatch answers = delivery.answers();
                goOn(dialogue.answer(octets, answers), octets, answers);
            }
            case SUSPENDED, FINISHING, LINGERING -> drop(octets);
            case CLOSED -> {}
        }
    }

    private void goOn(GreetingHandler.Next next, ByteBuf rest, ResponseBatch answers) {
        switch (next) {
            case READ_ON -> {
                if (draining && dialogue.form() == Form.SESSION) {
                    sayBye(answers);
                } else {
                    answer(answers);
                }
            }
            case FINISH -> finish(answers);
            case RESET -> {
                resets = true;
                finish(answers);
            }
            case HOLD -> {
                answer(answers);
                suspend(rest);
            }
        }
    }

    private void answer(ResponseBatch answers) {
        if (answers.isEmpty()) {
            delivery.discard(answers, true);
        } else {
            deadline.in(config.idleTimeout());
            delivery.write(answers);
            intake.holdIfFull();
        }
    }

    private void suspend(ByteBuf rest) {
        HeldRequest suspended =
                new HeldRequest(dialogue, Objects.requireNonNull(dialogue.held()), rest, delivery.answers());
        suspension = suspended;
        state = State.SUSPENDED;
        if (suspended.isDelay()) {
            intake.hold(Hold.FAULT);
            vertx.setTimer(suspended.delay().toMillis(), timer -> resume());
        }
    }

    private void resume() {
        HeldRequest over = suspension;
        if (over == null) {
            return;
        }
        suspension = null;
        state = State.OPEN;
        goOn(over.resume(), over.rest(), over.answers());
        over.rest().release();
        if (state != State.SUSPENDED) {
            intake.release(Hold.FAULT);
        }
    }

    /** What is never answered is held no longer than the fault lasts, and holds up no drain. */
    private void checkSuspension() {
        HeldRequest stalled = suspension;
        if (stalled != null && !stalled.isDelay() && (draining || stalled.isFaultOver())) {
            suspension = null;
            finish(stalled.fail());
        }
    }

    private void inputEnded() {
        inputEnded = true;
        switch (state) {
            case OPEN -> {
                ResponseBatch answers = delivery.answers();
                dialogue.end(answers);
                finish(answers);
            }
            case LINGERING -> close();
            case SUSPENDED, FINISHING, CLOSED -> {}
        }
    }

    private void timeOut() {
        if (intake.isHeldFor(Hold.COUNTING)) {
            return;
        }
        if (!delivery.isDone()) {
            // the peer takes no answers: it would not take an error either
            close();
            return;
        }
        ResponseBatch answers = delivery.answers();
        dialogue.timeOut(draining, answers);
        finish(answers);
    }

    private void sayBye(ResponseBatch answers) {
        answers.say(Reply.Bye.INSTANCE);
        reporter.drained();
        finish(answers);
    }

    /** These are the last answers. */
    private void finish(ResponseBatch answers) {
        state = State.FINISHING;
        deadline.in(config.idleTimeout());
        if (answers.isEmpty()) {
            delivery.discard(answers, true);
            if (delivery.isDone()) {
                end();
            }
        } else {
            delivery.write(answers);
        }
    }

    private void delivered() {
        switch (state) {
            case OPEN, SUSPENDED -> intake.release(Hold.ANSWERS);
            case FINISHING -> end();
            case LINGERING -> {}
            case CLOSED -> onClosed.run();
        }
    }

    private void end() {
        if (resets) {
            socket.reset();
        } else {
            linger();
        }
    }

    private void linger() {
        if (inputEnded || !linger.begin(this::close)) {
            close();
            return;
        }
        state = State.LINGERING;
        deadline.in(Linger.DURATION);
        intake.releaseAll();
    }

    private void drop(ByteBuf octets) {
        if (refusedUnread) {
            refusedUnread = false;
            delivery.refused(Request.Malformed.BUSY.code().word(), octets.readableBytes());
        }
        if (linger.drop(octets)) {
            return;
        }
        if (state == State.LINGERING) {
            close();
        } else {
            intake.hold(Hold.FLOOD);
        }
    }

    private void closed() {
        boolean midRequest = isMidRequest();
        HeldRequest suspended = suspension;
        suspension = null;
        state = State.CLOSED;
        if (suspended != null) {
            suspended.abandon(delivery);
        }
        // messages held back while paused are delivered, and so released
        intake.releaseAll();
        if (midRequest) {
            delivery.refused(ResponseBatch.CLOSED, dialogue.heldOctets());
        }
        if (delivery.isDone()) {
            onClosed.run();
        }
    }

    /** Of a request that would still be answered; what comes after the last answer is none. */
    private boolean isMidRequest() {
        return dialogue.isMidRequest() && state == State.OPEN;
    }

    /** If the grace was too short even for that: its client does not know what was not processed. */
    private boolean isSessionWithoutBye() {
        return state == State.OPEN && dialogue.form() == Form.SESSION;
    }

    void close() {
        socket.cut();
    }
}

package dev.greeter.tcp;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.config.Config;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import dev.greeter.protocol.RequestDecoder;
import dev.greeter.tcp.Intake.Hold;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.internal.net.NetSocketInternal;
import java.time.Duration;
import java.time.Instant;
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
    /** How long, and how much, of what comes after the last answer is read and dropped. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final int MAX_LINGER_OCTETS = 1 << 20;

    /** On drain, how long a client that has connected and said nothing yet may still greet. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(GreetingConnection.class);

    private enum State {
        /** No form is chosen yet. */
        FIRST,
        SESSION,
        /** The last answer is on its way out; nothing more is read. */
        FINISHING,
        /** Half-closed; what comes is dropped. */
        LINGERING,
        CLOSED
    }

    private final NetSocketInternal socket;
    private final Channel channel;
    private final Config.Greeting config;
    private final Reply.Node node;
    private final ExchangeReporter reporter;
    private final String peer;
    private final Intake intake;
    private final RequestDecoder decoder = new RequestDecoder();

    private Runnable onClosed = () -> {};
    private State state = State.FIRST;
    private Form form = Form.UNKNOWN;
    private boolean inputEnded;
    private boolean draining;
    private boolean refusedUnread;
    private int unwritten;
    private int lingeredOctets;
    private long deadlineNanos;

    GreetingConnection(NetSocketInternal socket, Config.Greeting config, Reply.Node node, ExchangeReporter reporter) {
        this.socket = socket;
        this.channel = socket.channelHandlerContext().channel();
        this.intake = new Intake(socket);
        this.config = config;
        this.node = node;
        this.reporter = reporter;
        this.peer = socket.remoteAddress().toString();
        setDeadline(config.handshakeTimeout());
    }

    /** @param onClosed runs once, when the connection is closed and all of its exchanges are reported */
    void open(Runnable onClosed) {
        this.onClosed = onClosed;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addBefore(socket.channelHandlerContext().name(), null, InputEnd.MESSAGE);
        socket.exceptionHandler(failure -> LOG.debug("{}: {}", peer, failure.toString()));
        socket.shutdownHandler(grace -> drain());
        socket.closeHandler(closed -> closed());
        socket.messageHandler(this::received);
    }

    /** The server has as many connections as it allows. */
    void refuseBusy() {
        refusedUnread = true;
        Answers answers = answers();
        answers.say(new Reply.Refused(Request.Malformed.BUSY));
        finish(answers);
    }

    /** Called now and then, with the time: deadlines are kept to about the interval of these calls. */
    void check(long nowNanos) {
        if (nowNanos - deadlineNanos < 0) {
            return;
        }
        switch (state) {
            case FIRST, SESSION -> timeOut();
            case FINISHING, LINGERING -> close();
            case CLOSED -> {}
        }
    }

    /** The end of the grace period. */
    void cut() {
        if (unwritten > 0 || isMidRequest()) {
            reporter.cut();
        }
        close();
    }

    private void drain() {
        switch (state) {
            case FIRST -> {
                draining = true;
                long chance = System.nanoTime() + LAST_CHANCE.toNanos();
                deadlineNanos = chance - deadlineNanos < 0 ? chance : deadlineNanos;
            }
            case SESSION -> sayBye(answers());
            case FINISHING, LINGERING, CLOSED -> {}
        }
    }

    private void received(Object message) {
        if (message == InputEnd.MESSAGE) {
            inputEnded();
            return;
        }
        ByteBuf octets = (ByteBuf) message;
        try {
            switch (state) {
                case FIRST, SESSION -> answer(octets);
                case FINISHING, LINGERING -> drop(octets);
                case CLOSED -> {}
            }
        } finally {
            octets.release();
        }
    }

    private void answer(ByteBuf octets) {
        Answers answers = answers();
        Request request = decoder.next(octets);
        while (request != null) {
            if (request instanceof Request.Hello hello) {
                answers.world(hello.token(), decoder.octets());
            } else if (request instanceof Request.Who) {
                answers.say(node);
            } else if (request instanceof Request.Preface) {
                state = State.SESSION;
                form = Form.SESSION;
                answers.say(Reply.Preface.INSTANCE);
            } else if (request instanceof Request.OneShot) {
                form = Form.ONESHOT;
                answers.oneShot(decoder.octets());
                finish(answers);
                return;
            } else if (request instanceof Request.Malformed malformed) {
                answers.refuse(malformed, decoder.octets());
                finish(answers);
                return;
            }
            request = decoder.next(octets);
        }
        if (draining && state == State.SESSION) {
            sayBye(answers);
        } else if (answers.isEmpty()) {
            answers.octets().release();
        } else {
            setDeadline(config.idleTimeout());
            write(answers);
            holdIfFull();
        }
    }

    private void inputEnded() {
        inputEnded = true;
        switch (state) {
            case FIRST, SESSION -> {
                Answers answers = answers();
                Request.Malformed unfinished = decoder.end();
                if (unfinished != null) {
                    answers.refuse(unfinished, decoder.octets());
                }
                finish(answers);
            }
            case LINGERING -> close();
            case FINISHING, CLOSED -> {}
        }
    }

    private void timeOut() {
        if (intake.isHeldFor(Hold.COUNTING)) {
            return;
        }
        if (unwritten > 0) {
            // the peer takes no answers: it would not take an error either
            close();
            return;
        }
        Answers answers = answers();
        if (draining && !decoder.isMidRequest()) {
            answers.say(Reply.Bye.INSTANCE);
        } else if (decoder.isMidRequest()) {
            answers.refuse(Request.Malformed.TIMEOUT, decoder.heldOctets());
        } else {
            // nothing was asked, so it is no exchange
            answers.say(new Reply.Refused(Request.Malformed.TIMEOUT));
        }
        finish(answers);
    }

    private void sayBye(Answers answers) {
        answers.say(Reply.Bye.INSTANCE);
        reporter.drained();
        finish(answers);
    }

    /** These are the last answers. */
    private void finish(Answers answers) {
        state = State.FINISHING;
        setDeadline(config.idleTimeout());
        if (answers.isEmpty()) {
            answers.octets().release();
            if (unwritten == 0) {
                linger();
            }
        } else {
            write(answers);
        }
    }

    private void write(Answers answers) {
        unwritten++;
        socket.writeMessage(answers.octets()).onComplete(written -> {
            unwritten--;
            if (written.failed() && answers.octets().refCnt() > 0) {
                // Netty releases what it could not write; what was still queued in Vert.x is ours
                answers.octets().release();
            }
            answers.report(reporter, form, peer, written.succeeded());
            if (unwritten == 0) {
                afterWrites();
            }
        });
    }

    private void afterWrites() {
        switch (state) {
            case FIRST, SESSION -> release(Hold.ANSWERS);
            case FINISHING -> linger();
            case LINGERING -> {}
            case CLOSED -> onClosed.run();
        }
    }

    private void linger() {
        if (inputEnded || !(channel instanceof DuplexChannel duplex)) {
            close();
            return;
        }
        state = State.LINGERING;
        lingeredOctets = 0;
        setDeadline(LINGER);
        duplex.shutdownOutput().addListener(done -> {
            if (!done.isSuccess()) {
                close();
            }
        });
        intake.releaseAll();
    }

    private void drop(ByteBuf octets) {
        if (refusedUnread) {
            refusedUnread = false;
            report(Outcome.REFUSED, Request.Malformed.BUSY.code().word(), octets.readableBytes());
        }
        lingeredOctets += octets.readableBytes();
        if (lingeredOctets <= MAX_LINGER_OCTETS) {
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
        state = State.CLOSED;
        // messages held back while paused are delivered, and so released
        intake.releaseAll();
        if (midRequest) {
            report(Outcome.REFUSED, Answers.CLOSED, decoder.heldOctets());
        }
        if (unwritten == 0) {
            onClosed.run();
        }
    }

    /** Of a request that would still be answered; what comes after the last answer is none. */
    private boolean isMidRequest() {
        return decoder.isMidRequest() && (state == State.FIRST || state == State.SESSION);
    }

    private void report(Outcome outcome, String reason, int octets) {
        reporter.report(new Exchange(Instant.now(), Protocol.GREETING, form, outcome, peer, null, reason, octets, 0));
    }

    private void holdIfFull() {
        if (!channel.isWritable()) {
            intake.hold(Hold.ANSWERS);
        }
        if (reporter.isFull() && intake.hold(Hold.COUNTING)) {
            reporter.whenRoom(() -> release(Hold.COUNTING));
        }
    }

    /** The time that we did not read is not the peer's. */
    private void release(Hold reason) {
        if (intake.release(reason)) {
            setDeadline(config.idleTimeout());
        }
    }

    void close() {
        // the channel's, as the socket's close() asks the shutdown handler instead of closing
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private Answers answers() {
        return new Answers(channel.alloc().buffer());
    }

    private void setDeadline(Duration fromNow) {
        deadlineNanos = System.nanoTime() + fromNow.toNanos();
    }
}

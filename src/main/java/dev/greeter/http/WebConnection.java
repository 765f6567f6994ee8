package dev.greeter.http;

import dev.greeter.http.HttpBinding.Timeouts;
import dev.greeter.net.ClientChannel;
import dev.greeter.net.Deadline;
import dev.greeter.net.LingeringClose;
import dev.greeter.net.LoopClock;
import dev.greeter.net.MemoryGuard;
import dev.greeter.net.ServerBinding.Admission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. It ends when its client asks nothing for too long, takes too long for a request or for reading
 * an answer, or has half-closed and has all of its answers. Used by its verticle's context only.
 */
public final class WebConnection implements RequestInput.Listener {
    static final Buffer NO_BODY = Buffer.buffer();

    /** The protocol of a connection after an upgrade: it decides how the connection ends. */
    public interface Upgrade {
        /** The server drains. */
        void drain();

        /** The peer has half-closed. */
        void peerEnded();
    }

    private final HttpConnection connection;
    private final ClientChannel channel;
    private final Admission admission;
    private final LoopClock clock;
    private final Timeouts timeouts;
    private final RequestInput input;
    private final ResponseDeadline output;
    private final Deadline idle;
    private int asked;
    private int done;
    private boolean finishing;
    private @Nullable RequestBody receiving;
    private Buffer body = NO_BODY;
    private @Nullable LingeringClose linger;
    private @Nullable Upgrade upgrade;

    WebConnection(
            HttpConnection connection, ClientChannel channel, Admission admission, LoopClock clock, Timeouts timeouts) {
        this.connection = connection;
        this.channel = channel;
        channel.pipeline().addFirst(MemoryGuard.INSTANCE);
        this.admission = admission;
        this.clock = clock;
        this.timeouts = timeouts;
        input = new RequestInput(clock, timeouts.request(), this);
        output = new ResponseDeadline(clock, timeouts.request());
        idle = clock.deadline();
        idle.in(timeouts.idle());
        channel.allowHalfClosure();
        input.addTo(channel.pipeline());
        channel.add(new HeadCheck());
    }

    public ClientChannel channel() {
        return channel;
    }

    boolean isOverLimit() {
        return admission != Admission.ADMITTED;
    }

    /** Whether its last answer is under way; what it asks after that is dropped, and known by the client to be so. */
    boolean isFinishing() {
        return finishing;
    }

    /** Whether a request is neither answered nor dropped. */
    boolean isBusy() {
        return asked - done > 0;
    }

    /** Whether the request that is looked at is the only one that is not answered. */
    public boolean isOneAsked() {
        return asked - done == 1;
    }

    /** Whether the request that is looked at is the last that its client sends. */
    boolean isLastAsked() {
        return input.isEnded() && input.heads() - done == 1;
    }

    void asked() {
        asked++;
    }

    /** The request that is looked at has a body, which comes now. */
    void receiving(RequestBody coming) {
        receiving = coming;
    }

    /** No more of its body is waited for; it is empty if it did not come whole. */
    void received(Buffer whole) {
        receiving = null;
        body = whole;
    }

    /** The whole body of the request that is looked at, if its server keeps bodies. */
    Buffer body() {
        return body;
    }

    /** The answer is written. */
    void answering() {
        output.written();
    }

    /** The answer was handed to the kernel, or could not be. */
    void answered() {
        output.handedOver();
        done();
        if (finishing || isAllDone()) {
            connection.close();
        }
    }

    private void done() {
        done++;
        body = NO_BODY;
        idle.in(timeouts.idle());
        input.restart();
    }

    private boolean isAllDone() {
        return input.isEnded() && input.heads() == done;
    }

    /** The connection speaks another protocol from now on, and a drain waits for no more requests of it. */
    public void upgraded(Upgrade to) {
        done();
        upgrade = to;
        linger();
        if (input.isEnded()) {
            to.peerEnded();
        }
    }

    /** Ends it after an upgrade; any other connection ends with its next answer. */
    void goAway() {
        if (upgrade != null) {
            upgrade.drain();
        }
    }

    /** To be called at each tick of the clock: ends what is late. */
    void check(boolean draining) {
        if (linger != null) {
            linger.check(draining);
        }
        if (output.isLate()) {
            cut();
        } else if (upgrade == null && !finishing) {
            checkInput();
        }
    }

    private void checkInput() {
        boolean isAnswered = input.heads() == done;
        if (receiving != null) {
            if (input.isLate()) {
                receiving.fail(new RequestBody.TimeoutException());
            }
        } else if (isAnswered && input.isReceiving()) {
            if (input.isLate()) {
                input.giveUp();
            }
        } else if (isAnswered && idle.isOver()) {
            channel.close();
        }
    }

    @Override
    public void tooLong() {
        if (receiving != null) {
            receiving.fail(new RequestBody.TooLongException());
        }
    }

    @Override
    public void ended() {
        if (receiving != null) {
            receiving.fail(new RequestBody.EndedException());
        } else if (upgrade != null) {
            upgrade.peerEnded();
        } else if (isAllDone()) {
            channel.close();
        }
    }

    /** The answer that comes now is the last; the connection closes when it is handed over. */
    void finish() {
        if (!finishing) {
            finishing = true;
            input.ignoreRest();
            linger().drop();
        }
    }

    /** From now on its close loses nothing that is on its way to the client. */
    LingeringClose linger() {
        if (linger == null) {
            linger = new LingeringClose(channel, clock);
            RequestInput.addBefore(channel.pipeline(), linger);
        }
        return linger;
    }

    /** Its client has gone, or has half-closed, before what was asked last was whole. */
    void abandoned() {
        if (channel.isActive()) {
            hangUp();
        } else {
            done();
        }
    }

    /** Ends it in order with what was asked last unanswered. */
    public void hangUp() {
        finish();
        done();
        channel.close();
    }

    /** Ends it by a reset. */
    public void reset() {
        channel.reset();
    }

    /** Closes it in spite of all that is still to be written or read. */
    void cut() {
        channel.cut();
    }
}

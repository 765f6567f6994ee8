package dev.greeter.http;

import dev.greeter.http.HttpBinding.Timeouts;
import dev.greeter.net.ClientChannel;
import dev.greeter.net.Deadline;
import dev.greeter.net.LingeringClose;
import dev.greeter.net.LoopClock;
import dev.greeter.net.MemoryGuard;
import dev.greeter.net.ServerBinding.Admission;
import dev.greeter.net.SocketAddresses;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. It ends when its client is idle for too long, takes too long to send a request or to read a
 * response, or has half-closed and has all of its responses. Used by its verticle's context only.
 */
public final class WebConnection {
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
    private int requests;
    private int done;
    private boolean finishing;
    private @Nullable Promise<Buffer> receiving;
    private Buffer body = NO_BODY;
    private @Nullable LingeringClose linger;
    private @Nullable Upgrade upgrade;
    private Runnable onClosed = () -> {};
    /** Null until it is asked for, because an idle connection needs none. */
    private @Nullable String peer;

    WebConnection(
            HttpConnection connection, ClientChannel channel, Admission admission, LoopClock clock, Timeouts timeouts) {
        this.connection = connection;
        this.channel = channel;
        channel.pipeline().addFirst(MemoryGuard.INSTANCE);
        this.admission = admission;
        this.clock = clock;
        this.timeouts = timeouts;
        input = new RequestInput(clock, timeouts.request(), this::tooLong, this::ended);
        output = new ResponseDeadline(clock, timeouts.request());
        idle = clock.deadline();
        if (!channel.isReady()) {
            // the time of a TLS handshake
            idle.in(timeouts.request());
        }
        channel.whenReady(() -> idle.in(timeouts.idle()));
        channel.allowHalfClosure();
        input.addTo(channel.pipeline());
        channel.add(new HeadCheck());
    }

    /** Returns the channel, for handlers of an upgrade. */
    public ClientChannel channel() {
        return channel;
    }

    /** Returns the client's address and port, as logs and exchanges have them. */
    String peer() {
        if (peer == null) {
            peer = SocketAddresses.text(connection.remoteAddress());
        }
        return peer;
    }

    /** Whether it counts among those that are served, or over which limit it is. */
    Admission admission() {
        return admission;
    }

    boolean isOverLimit() {
        return admission != Admission.ADMITTED;
    }

    /** Whether its last response is under way; later requests are dropped, which that response has told the client. */
    boolean isFinishing() {
        return finishing;
    }

    /** Whether a request has no response yet and was not dropped. */
    boolean isBusy() {
        return requests - done > 0;
    }

    /** Whether a request is whole, and its response not written: the server has to act next, and not the client. */
    boolean isOwed() {
        return isBusy() && receiving == null && !output.isWaiting();
    }

    /** Returns whether the current request is the only one without a response. */
    public boolean isOnlyRequest() {
        return requests - done == 1;
    }

    /** Whether the current request is the last that its client sends. */
    boolean isLastRequest() {
        return input.isEnded() && input.heads() - done == 1;
    }

    void requested() {
        requests++;
    }

    /**
     * The body of the current request is coming.
     *
     * @param coming fails with a {@link Problem.RefusedException} if the body is too long or late, and with a {@link
     *     HttpClosedException} if the client half-closes before its end
     */
    void receiving(Promise<Buffer> coming) {
        receiving = coming;
    }

    /** Ends {@link #receiving}; the body is empty if it did not come whole. */
    void received(Buffer whole) {
        receiving = null;
        body = whole;
    }

    /** The whole body of the current request, if its server keeps bodies. */
    Buffer body() {
        return body;
    }

    /** A response is written. */
    void responding() {
        output.written();
    }

    /** A response was handed to the kernel, or could not be. */
    void responded() {
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
        input.answered();
    }

    private boolean isAllDone() {
        return input.isEnded() && input.heads() == done;
    }

    /** The connection speaks another protocol from now on, and a drain waits for no more requests on it. */
    public void upgraded(Upgrade to) {
        done();
        upgrade = to;
        linger();
        if (input.isEnded()) {
            to.peerEnded();
        }
    }

    /** Ends it after an upgrade; any other connection ends with its next response. */
    void drain() {
        if (upgrade != null) {
            upgrade.drain();
        }
    }

    /** Ends it if its client is late; to be called at each tick of the clock. */
    void check(boolean draining) {
        if (linger != null) {
            linger.check(draining);
        }
        if (output.isLate()) {
            channel.reset();
        } else if (upgrade == null && !finishing) {
            checkInput();
        }
    }

    private void checkInput() {
        boolean isIdle = input.heads() == done;
        if (receiving != null) {
            if (input.isLate()) {
                receiving.tryFail(new Problem.RefusedException(Problem.TIMEOUT));
            }
        } else if (isIdle && input.isReceiving()) {
            if (input.isLate()) {
                input.giveUp();
            }
        } else if (isIdle && idle.isOver()) {
            channel.close();
        }
    }

    private void tooLong() {
        if (receiving != null) {
            receiving.tryFail(new Problem.RefusedException(BodyHandler.TOO_LONG));
        }
    }

    private void ended() {
        if (receiving != null) {
            receiving.tryFail(new HttpClosedException("The client sends no more."));
        } else if (upgrade != null) {
            upgrade.peerEnded();
        } else if (isAllDone()) {
            // over TLS a client may still send after its end
            linger();
            channel.close();
        }
    }

    /** Makes the next response the last: the connection closes when that is handed over. */
    void finish() {
        if (!finishing) {
            finishing = true;
            input.ignoreRest();
            linger().drop();
        }
    }

    /** From now on, its close loses no response that is on its way to the client. */
    LingeringClose linger() {
        if (linger == null) {
            linger = new LingeringClose(channel, clock);
            RequestInput.addBefore(channel.pipeline(), linger);
        }
        return linger;
    }

    /** Runs the action when it is closed, in place of the last one: for a response that waits, but not for its client. */
    public void whenClosed(Runnable action) {
        onClosed = action;
    }

    /** It is closed. */
    void closed() {
        onClosed.run();
    }

    /** Its client went, or half-closed, before the current request was whole. */
    void abandoned() {
        if (channel.isActive()) {
            hangUp();
        } else {
            done();
        }
    }

    /** Ends it in order, without a response to the current request. */
    public void hangUp() {
        finish();
        done();
        channel.close();
    }
}

package dev.greeter.probe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/** One connection of a row, from the connect to its end. Used by its row's event loop only. */
abstract class Link {
    private enum State {
        WAITING,
        RESOLVING,
        CONNECTING,
        OPEN,
        CLOSED
    }

    final Driver driver;
    private State state = State.WAITING;
    private @Nullable NetSocket socket;
    private @Nullable Throwable failure;

    Link(Driver driver) {
        this.driver = driver;
    }

    /** It is connected. */
    abstract void opened(ChannelHandlerContext socket);

    /** What came, decoded as the channel's pipeline does; it is released afterwards. */
    abstract void received(Object message);

    /** It could not be connected, or the other side ended it. */
    abstract void ended(Loss cause);

    /** Called now and then: deadlines are kept to about the interval of these calls. */
    abstract void sweep(long nowNanos);

    final boolean isOpen() {
        return state == State.OPEN;
    }

    final void connect() {
        if (state != State.WAITING) {
            return;
        }
        state = State.RESOLVING;
        driver.connector()
                .resolve(driver.target())
                .compose(address -> {
                    if (state == State.RESOLVING) {
                        state = State.CONNECTING;
                    }
                    return driver.connector().connect(driver.target(), address);
                })
                .onComplete(this::connected, cause -> end(Loss.of(cause)));
    }

    /** Not in time: what it was waiting for. */
    final Loss late() {
        return switch (state) {
            case RESOLVING -> Loss.of(Loss.Kind.DNS, "not resolved in time");
            case CONNECTING -> Loss.of(Loss.Kind.TIMEOUT, "not connected in time");
            case WAITING, OPEN, CLOSED -> Loss.of(Loss.Kind.TIMEOUT, "no answer in time");
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the connection, and is told then
    final void write(ByteBuf octets) {
        if (socket == null || state != State.OPEN) {
            octets.release();
            return;
        }
        socket.write(BufferInternal.buffer(octets)).onFailure(this::failed);
    }

    /** We end it; nothing more is told of it. */
    final void close() {
        state = State.CLOSED;
        if (socket != null) {
            var unused = socket.close();
        }
    }

    private void connected(NetSocket connected) {
        socket = connected;
        if (state == State.CLOSED) {
            close();
            return;
        }
        state = State.OPEN;
        driver.tally().connected();
        NetSocketInternal internal = (NetSocketInternal) connected;
        internal.messageHandler(this::read);
        connected.exceptionHandler(this::failed);
        connected.closeHandler(closed ->
                end(failure == null ? Loss.of(Loss.Kind.CLOSED, "closed before the answer") : Loss.of(failure)));
        opened(internal.channelHandlerContext());
    }

    private void read(Object message) {
        try {
            if (state == State.OPEN) {
                received(message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    private void end(Loss cause) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            ended(cause);
        }
    }
}

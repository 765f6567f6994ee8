package dev.greeter.probe.load;

import dev.greeter.client.connect.NetworkFailure;
import dev.greeter.probe.measure.CertificatesEnd;
import dev.greeter.probe.measure.Loss;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One connection of a scenario, from the connect to its end. Used by its scenario's event loop only. */
abstract class ProbeConnection<D extends Driver> {
    private enum State {
        WAITING,
        RESOLVING,
        CONNECTING,
        SECURING,
        OPEN,
        CLOSED
    }

    final D driver;
    private State state = State.WAITING;
    private @Nullable InetSocketAddress remote;
    private @Nullable NetSocket socket;
    private @Nullable Throwable failure;

    ProbeConnection(D driver) {
        this.driver = driver;
    }

    /** It is connected. */
    abstract void opened(ChannelHandlerContext socket);

    /** A message came, decoded as the channel's pipeline does; it is released afterwards. */
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
        driver.connector().resolve(driver.target()).onComplete(this::resolved, this::failed);
    }

    private void resolved(InetAddress address) {
        if (state != State.RESOLVING) {
            return;
        }
        state = State.CONNECTING;
        remote = new InetSocketAddress(address, driver.target().port());
        driver.tally().connecting(address);
        driver.connector().connect(driver.target(), address).onComplete(this::connected, this::failed);
    }

    private void connected(NetSocket connected) {
        socket = connected;
        if (state == State.CLOSED) {
            close();
            return;
        }
        connected.exceptionHandler(this::broken);
        connected.closeHandler(closed -> endByPeer());
        if (!driver.target().tls()) {
            open(connected);
            return;
        }
        state = State.SECURING;
        driver.connector()
                .secure(connected, driver.target())
                .onComplete(
                        end -> {
                            driver.tally().certificatesEnd(new CertificatesEnd(end, System.nanoTime()));
                            open(connected);
                        },
                        this::failed);
    }

    private void open(NetSocket connected) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.OPEN;
        driver.tally().connected();
        NetSocketInternal internal = (NetSocketInternal) connected;
        internal.messageHandler(this::read);
        opened(internal.channelHandlerContext());
    }

    /** The loss of an exchange that is late, by the step that is waited for. */
    final Loss late() {
        return switch (state) {
            case RESOLVING -> Loss.of(Loss.Kind.DNS, "not resolved in time");
            case CONNECTING -> Loss.of(Loss.Kind.TIMEOUT, "not connected in time");
            case SECURING -> Loss.of(Loss.Kind.TIMEOUT, "no TLS handshake in time");
            case WAITING, OPEN, CLOSED -> Loss.of(Loss.Kind.TIMEOUT, "no answer in time");
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the connection, which reports it
    final void write(ByteBuf octets) {
        if (socket == null || state != State.OPEN) {
            octets.release();
            return;
        }
        socket.write(BufferInternal.buffer(octets)).onFailure(this::broken);
    }

    /** We end it; nothing more is reported of it. */
    final void close() {
        state = State.CLOSED;
        if (socket != null) {
            var unused = socket.close();
        }
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

    /** The connection broke, which closes it; the first reason is the cause of the others. */
    private void broken(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    private void endByPeer() {
        if (failure != null) {
            failed(failure);
        } else {
            end(Loss.of(
                    Loss.Kind.CLOSED,
                    state == State.SECURING ? "closed in the TLS handshake" : "closed before the answer"));
        }
    }

    private void failed(Throwable cause) {
        end(Loss.of(NetworkFailure.of(stage(), cause, remote)));
        if (socket != null) {
            close();
        }
    }

    private NetworkFailure.Stage stage() {
        return switch (state) {
            case WAITING, RESOLVING -> NetworkFailure.Stage.RESOLVING;
            case CONNECTING -> NetworkFailure.Stage.CONNECTING;
            case SECURING -> NetworkFailure.Stage.SECURING;
            case OPEN, CLOSED -> NetworkFailure.Stage.OPEN;
        };
    }

    private void end(Loss cause) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            ended(cause);
        }
    }
}

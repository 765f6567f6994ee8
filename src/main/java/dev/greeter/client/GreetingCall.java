package dev.greeter.client;

import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.TlsConnector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call over the greeting protocol, which the server's close ends. */
abstract class GreetingCall<T> extends ClientCall<T> {
    private final Dialer dialer;
    private final GreetingTarget target;
    private final @Nullable TlsConnector tls;

    /** @param tls null for a target in plain */
    GreetingCall(Vertx vertx, Dialer dialer, GreetingTarget target, @Nullable TlsConnector tls, Duration timeout) {
        super(vertx, target.toString(), timeout);
        this.dialer = dialer;
        this.target = target;
        this.tls = tls;
    }

    /** It is connected. */
    abstract void ask(NetSocket socket);

    /** Octets came; they are valid during the call only. */
    abstract void read(ByteBuf octets);

    /** The server closed, and in order. */
    abstract void closed();

    /** The connection broke. */
    void broken(Throwable cause) {
        stop(NetworkErrors.broken(cause));
    }

    @Override
    final void connect(Duration limit) {
        dialer.connect(target.server(), limit, tls)
                .onComplete(this::connected, cause -> stop(NetworkErrors.notConnected(cause)));
    }

    static Future<Void> write(NetSocket socket, Consumer<ByteBuf> request) {
        ByteBuf octets = Unpooled.buffer();
        request.accept(octets);
        return socket.write(BufferInternal.buffer(octets));
    }

    /** Ends the requests, so that the server can end its answers; we go on reading. */
    @SuppressWarnings("FutureReturnValueIgnored") // the socket's own handlers report a failure
    static void halfClose(NetSocket socket) {
        ChannelPipeline pipeline =
                ((NetSocketInternal) socket).channelHandlerContext().pipeline();
        SslHandler secured = pipeline.get(SslHandler.class);
        if (secured == null) {
            ((DuplexChannel) pipeline.channel()).shutdownOutput();
        } else {
            // close_notify: an end of the stream without it could be anyone's (RFC 8446, section 6.1)
            secured.closeOutbound();
        }
    }

    private void connected(NetSocket socket) {
        if (!opened(socket::close)) {
            return;
        }
        socket.exceptionHandler(this::broken);
        socket.endHandler(end -> closed());
        socket.handler(octets -> {
            if (!isOver()) {
                read(((BufferInternal) octets).getByteBuf());
            }
        });
        ask(socket);
    }
}

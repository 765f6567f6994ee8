package dev.greeter.net;

import dev.greeter.net.tls.ServerTls;
import dev.greeter.net.tls.TlsConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection below Vert.x, for what Vert.x has no API for: half-close, an end that does not wait for a client
 * that reads nothing, and our own handlers. Used by its event loop only.
 */
public class ClientChannel {
    private final Channel channel;
    private final String vertxHandler;
    /** Null on a port in clear text. */
    private @Nullable TlsConnection tls;

    /** @param vertxHandler the context of Vert.x's own handler, the last of the pipeline */
    ClientChannel(ChannelHandlerContext vertxHandler) {
        this.channel = vertxHandler.channel();
        this.vertxHandler = vertxHandler.name();
    }

    public static ClientChannel of(HttpConnection connection) {
        return new ClientChannel(((HttpServerConnection) connection).channelHandlerContext());
    }

    final Channel channel() {
        return channel;
    }

    public final ChannelPipeline pipeline() {
        return channel.pipeline();
    }

    /** Adds a handler behind all that are there, except Vert.x's own. */
    public final ClientChannel add(ChannelHandler handler) {
        channel.pipeline().addBefore(vertxHandler, null, handler);
        return this;
    }

    /**
     * Speaks TLS below all handlers; has to be called before the first read.
     *
     * @param client as the log names it
     */
    final void secure(ServerTls port, Supplier<String> client) {
        tls = TlsConnection.begin(port, channel, channel.pipeline().context(ProxyHeader.class), client);
    }

    /** Runs the action when what is written reaches the client: over TLS after the handshake, otherwise at once. */
    public final void whenReady(Runnable action) {
        if (tls == null) {
            action.run();
        } else {
            tls.whenReady(action);
        }
    }

    /** Whether what is written reaches the client. */
    public final boolean isReady() {
        return tls == null || tls.isReady();
    }

    /** Whether the client speaks clear text, though the port has TLS. */
    public final boolean lacksTls() {
        return tls != null && tls.isInClearText();
    }

    /** From now on, a client that ends its side is still answered. */
    public final void allowHalfClosure() {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /**
     * Ends our side, after all that is written; the client may still send. Over TLS, {@code close_notify} comes before the end.
     *
     * @param onFailure runs if that fails, which it does where the client is gone
     * @return false if this kind of connection has no halves
     */
    public final boolean halfClose(Runnable onFailure) {
        if (!(channel instanceof DuplexChannel duplex)) {
            return false;
        }
        if (tls == null) {
            shutdownOutput(duplex, onFailure);
        } else {
            tls.closeOutput(sent -> {
                if (sent) {
                    shutdownOutput(duplex, onFailure);
                } else {
                    onFailure.run();
                }
            });
        }
        return true;
    }

    private static void shutdownOutput(DuplexChannel duplex, Runnable onFailure) {
        duplex.shutdownOutput().addListener(done -> {
            if (!done.isSuccess()) {
                onFailure.run();
            }
        });
    }

    /**
     * Ends the connection of a client that has ended its own side: in clear text at once. Over TLS, {@code close_notify} comes
     * before, which a client that reads nothing may prevent, and the client has a bounded time to close its side of TCP too.
     */
    public final void finish() {
        if (tls == null) {
            cut();
        } else {
            tls.finish();
        }
    }

    /** Whether the client has ended its side. */
    final boolean isInputEnded() {
        return tls == null ? channel instanceof DuplexChannel duplex && duplex.isInputShutdown() : tls.isInputEnded();
    }

    public final boolean isActive() {
        return channel.isActive();
    }

    /** Runs the action on the event loop when the channel is closed, at once if it is. */
    public final void onClose(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    /** Closes it as its handlers do, after all that is written. */
    public final void close() {
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    /** Closes it at once, in spite of all that is still to be written or read. */
    public final void cut() {
        cut(channel);
    }

    /** {@linkplain #reset(Channel) Resets} it. */
    public final void reset() {
        reset(channel);
    }

    /** Closes a channel past its handlers: Vert.x's close waits until the peer has taken all, for ever if it takes nothing. */
    public static void cut(Channel channel) {
        channel.unsafe().close(channel.voidPromise());
    }

    /**
     * Closes a channel at once, by a reset: what its peer has not taken is lost. After any other close the kernel keeps that for
     * minutes, and no limit counts the connection any more.
     */
    public static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            cut(channel);
        }
    }
}

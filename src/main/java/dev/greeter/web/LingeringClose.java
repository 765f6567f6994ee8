package dev.greeter.web;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose client may still be sending (RFC 9112, section 9.6). A plain close would answer those octets by
 * a reset, which can take the last answer from the client before it was read. Stands first in the pipeline, where it turns
 * the close into half of one, drops what still comes, and closes when the client does, or after a bounded time.
 */
final class LingeringClose extends ChannelDuplexHandler {
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int MAX_OCTETS = 1 << 20;

    private boolean lingering;
    private int octets;

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (lingering || !context.channel().isActive() || !(context.channel() instanceof DuplexChannel channel)) {
            context.channel().unsafe().close(promise);
            return;
        }
        lingering = true;
        Future<?> end = context.executor().schedule(() -> closeNow(channel), LINGER.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> {
            end.cancel(false);
            promise.trySuccess();
        });
        channel.shutdownOutput().addListener(done -> {
            if (!done.isSuccess()) {
                closeNow(channel);
            }
        });
        channel.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!lingering) {
            context.fireChannelRead(message);
            return;
        }
        octets += message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (octets > MAX_OCTETS) {
            closeNow(context.channel());
        }
    }

    private static void closeNow(Channel channel) {
        channel.unsafe().close(channel.voidPromise());
    }
}

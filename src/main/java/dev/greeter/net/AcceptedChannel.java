package dev.greeter.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * A connection from a client, whose half-close costs one system call. Netty's own builds an exception with a stack trace for
 * writes that may still come, and answers the client's end by another system call and an event before the close.
 */
final class AcceptedChannel extends NioSocketChannel {
    /** Netty's own go up to 64 KiB, and a decoder that has half of a request may keep the read's buffer. */
    private static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(64, 2 << 10, 16 << 10);

    AcceptedChannel(Channel listening, SocketChannel socket) {
        super(listening, socket);
        config().setRecvByteBufAllocator(READS);
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        ChannelOutboundBuffer unwritten = unsafe().outboundBuffer();
        // the last write, whose end this may be called at, is no longer in it, but still counts among its octets
        if (!eventLoop().inEventLoop() || unwritten == null || !unwritten.isEmpty()) {
            return super.shutdownOutput(promise);
        }
        try {
            javaChannel().shutdownOutput();
        } catch (IOException gone) {
            return promise.setFailure(gone);
        }
        // with both ends of it, the connection is over
        config().setAllowHalfClosure(false);
        return promise.setSuccess();
    }
}

package dev.greeter.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;

/** One client's connection whose octets are read and written as Netty has them. Used by its event loop only. */
public final class ClientSocket extends ClientChannel {
    /**
     * Small, because a few octets can ask for a much longer answer. One read a turn, so that clients that send without end
     * do not hold up the others of their loop.
     */
    private static final RecvByteBufAllocator READS =
            new AdaptiveRecvByteBufAllocator(64, 512, 16 << 10).maxMessagesPerRead(1);

    private final NetSocketInternal socket;

    private ClientSocket(NetSocketInternal socket) {
        super(socket.channelHandlerContext());
        this.socket = socket;
    }

    public static ClientSocket of(NetSocket socket) {
        return new ClientSocket((NetSocketInternal) socket);
    }

    /** Vert.x's own, for its failures, its shutdown and its close. */
    public NetSocket socket() {
        return socket;
    }

    /** The client's address and port, as logs and exchanges have them. */
    public String peer() {
        return SocketAddresses.text(socket.remoteAddress());
    }

    /**
     * Reads from now on.
     *
     * @param onOctets takes what a read brought, which is released when it returns
     * @param onEnd runs when the client has half-closed, after the octets before
     */
    public void read(Consumer<ByteBuf> onOctets, Runnable onEnd) {
        allowHalfClosure();
        channel().config().setRecvByteBufAllocator(READS);
        add(HalfClose.MESSAGE);
        socket.messageHandler(message -> {
            if (message == HalfClose.MESSAGE) {
                onEnd.run();
                return;
            }
            ByteBuf octets = (ByteBuf) message;
            try {
                onOctets.accept(octets);
            } finally {
                octets.release();
            }
        });
    }

    /** Reads no more until it is resumed. */
    public void pause() {
        socket.pause();
        // Vert.x alone would still take a few reads into its queue: 64 KiB each, on every connection
        channel().config().setAutoRead(false);
    }

    public void resume() {
        channel().config().setAutoRead(true);
        socket.resume();
    }

    /** An empty buffer to write into. */
    public ByteBuf buffer() {
        return channel().alloc().buffer();
    }

    /**
     * Writes the octets.
     *
     * @return completes when the kernel took them; where it fails, {@link #releaseUnwritten} has to follow
     */
    public Future<Void> write(ByteBuf octets) {
        return socket.writeMessage(octets);
    }

    /**
     * Releases octets that Vert.x still had in its own queue when the connection was closed. All others are Netty's, which
     * releases them; their reference count tells nothing, because what was released may be another connection's by now.
     *
     * @param failure of the write
     */
    public static void releaseUnwritten(ByteBuf octets, Throwable failure) {
        if (failure == NetSocketInternal.CLOSED_EXCEPTION) {
            octets.release();
        }
    }

    /** Hands the kernel what is written. */
    public void flush() {
        channel().flush();
    }

    /** Whether the client has taken so much that more may be written. */
    public boolean isWritable() {
        return channel().isWritable();
    }

    /**
     * Reports the client's half-close in order with the octets before: as a message, because Vert.x holds messages back while
     * a socket is paused, but lets events overtake them.
     */
    @ChannelHandler.Sharable
    private static final class HalfClose extends ChannelInboundHandlerAdapter {
        private static final HalfClose MESSAGE = new HalfClose();

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                context.fireChannelRead(MESSAGE);
                context.fireChannelReadComplete();
            } else {
                context.fireUserEventTriggered(event);
            }
        }
    }
}

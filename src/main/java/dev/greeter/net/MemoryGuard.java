package dev.greeter.net;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.internal.PlatformDependent;

/**
 * Closes a connection whose peer takes nothing of what is written, while direct memory is scarce: the octets that each may leave
 * unread are bounded, but all of them together may leave more than there is. A peer that takes it loses nothing.
 */
@Sharable
public final class MemoryGuard extends ChannelOutboundHandlerAdapter {
    public static final MemoryGuard INSTANCE = new MemoryGuard();

    /** What a client is told instead of a message that is not {@linkplain #admits admitted}. */
    public static final String SCARCE = "Too many responses wait for their clients to read them.";

    private static final double SCARCE_PART = 0.6;

    private static final long SCARCE_OCTETS = (long) (maxDirectOctets() * SCARCE_PART);

    /** The longest message that is sent while memory is scarce. */
    private static final int MAX_SCARCE_OCTETS = 32 << 10;

    private MemoryGuard() {}

    /** Returns how many octets of direct memory this process may have. */
    public static long maxDirectOctets() {
        return PlatformDependent.maxDirectMemory();
    }

    /**
     * Whether a message of so many octets may be sent now. A long one may not while memory is scarce: the kernel does not take as
     * much at once, so that its peer would be taken for one that takes nothing.
     */
    public static boolean admits(int octets) {
        return octets <= MAX_SCARCE_OCTETS || hasRoomFor(2 * octets);
    }

    private static boolean hasRoomFor(int octets) {
        return PlatformDependent.usedDirectMemory() + octets <= SCARCE_OCTETS;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise has the result
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message, promise);
        if (!hasRoomFor(0)) {
            context.flush();
            ChannelOutboundBuffer unwritten = context.channel().unsafe().outboundBuffer();
            if (unwritten != null && !unwritten.isEmpty()) {
                // at once, because what is done later is done after all other connections have written
                ClientChannel.reset(context.channel());
            }
        }
    }
}

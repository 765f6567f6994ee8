package dev.greeter.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.greeter.net.Deadline;
import dev.greeter.net.LingeringClose;
import dev.greeter.net.LoopClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends: looks at it on both sides of Netty's decoder, and so knows when a request begins, how much has come of
 * it, and when it is whole. A head that stays incomplete, because the client half-closed or took too long, goes on as a request that
 * failed to decode. Used by its channel's event loop only.
 */
final class RequestInput {
    /** A request's line and headers, and its body with what chunks take: more is not read of one that is not whole. */
    private static final int MAX_OCTETS = InvalidRequestHandler.MAX_LINE_OCTETS
            + InvalidRequestHandler.MAX_HEADER_OCTETS
            + 2 * RequestBody.MAX_OCTETS;

    private static final ByteBuf EMPTY_LINE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("\r\n\r\n", US_ASCII).asReadOnly());
    private static final String HANDLER = "octets";

    /** What is told of the input, in the order in which it comes. */
    interface Listener {
        /** More has come of a request than any may have. */
        void tooLong();

        /** The client has half-closed: nothing more comes. */
        void ended();
    }

    private final Listener listener;
    private final Duration timeout;
    private final Deadline deadline;
    private @Nullable ChannelHandlerContext octetsContext;
    private long octets;
    private int heads;
    private boolean receiving;
    private boolean headRead;
    private boolean cut;
    private boolean timedOut;
    private boolean ignoring;
    private boolean ended;

    /** @param timeout from the first octet of a request to its last */
    RequestInput(LoopClock clock, Duration timeout, Listener listener) {
        this.listener = listener;
        this.timeout = timeout;
        this.deadline = clock.deadline();
    }

    void addTo(ChannelPipeline pipeline) {
        String decoder = pipeline.context(HttpRequestDecoder.class).name();
        pipeline.addBefore(decoder, HANDLER, new Octets()).addAfter(decoder, null, new Messages());
        octetsContext = pipeline.context(HANDLER);
    }

    /** Puts a handler before all others of ours, if the connection is still there. */
    static void addBefore(ChannelPipeline pipeline, LingeringClose handler) {
        if (pipeline.context(HANDLER) != null) {
            pipeline.addBefore(HANDLER, null, handler);
        }
    }

    /** How many heads of requests have come, malformed ones among them. */
    int heads() {
        return heads;
    }

    /**
     * Whether a request has begun and is not whole. If it began in the same read in which another one ended, that is known
     * with the next octet or its whole head.
     */
    boolean isReceiving() {
        return receiving;
    }

    /** Whether the client has half-closed. */
    boolean isEnded() {
        return ended;
    }

    /** Whether the request that has begun should be whole by now. */
    boolean isLate() {
        return receiving && deadline.isOver();
    }

    /** The client could not send for a while, as nobody read: what it has begun is given its time anew. */
    void restart() {
        if (receiving) {
            deadline.in(timeout);
        }
    }

    /** Of a head that is late, nothing more is waited for. */
    void giveUp() {
        timedOut = true;
        cutHead(Objects.requireNonNull(octetsContext));
    }

    /** With an empty line the decoder hands over what it has of a head, and nothing if it has none. */
    private void cutHead(ChannelHandlerContext context) {
        boolean isBody = receiving && headRead;
        boolean isWebSocket = context.pipeline().get(HttpRequestDecoder.class) == null;
        if (!isBody && !isWebSocket) {
            cut = true;
            context.fireChannelRead(EMPTY_LINE.duplicate());
            context.fireChannelReadComplete();
        }
    }

    /** Drops what is behind the request that is looked at. */
    void ignoreRest() {
        ignoring = true;
    }

    private void begin() {
        receiving = true;
        headRead = false;
        octets = 0;
        deadline.in(timeout);
    }

    /** Before the decoder. */
    private final class Octets extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf read) {
                if (!receiving && begins(read)) {
                    begin();
                }
                octets += read.readableBytes();
            }
            context.fireChannelRead(message);
            if (receiving && octets > MAX_OCTETS) {
                listener.tooLong();
            }
        }

        /** Empty lines in front of a request are none of it (RFC 9112, section 2.2). */
        private static boolean begins(ByteBuf read) {
            return read.forEachByte(octet -> octet == '\r' || octet == '\n') >= 0;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                cutHead(context);
                ended = true;
                listener.ended();
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            cutHead(context);
            context.fireChannelInactive();
        }
    }

    /** Behind the decoder. */
    private final class Messages extends ChannelInboundHandlerAdapter {
        private boolean dropping;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest head) {
                dropping = ignoring;
                headRead(head);
            }
            if (dropping) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (message instanceof LastHttpContent || isMalformed(message)) {
                receiving = false;
                octets = 0;
            }
            context.fireChannelRead(message);
        }

        private void headRead(HttpRequest head) {
            if (!receiving) {
                begin();
            }
            headRead = true;
            heads++;
            if (cut) {
                head.setDecoderResult(DecoderResult.failure(
                        timedOut
                                ? new RequestBody.TimeoutException()
                                : new PrematureChannelClosureException("The client sends no more.")));
            }
        }

        private static boolean isMalformed(Object message) {
            return message instanceof HttpObject object
                    && object.decoderResult().isFailure();
        }
    }
}

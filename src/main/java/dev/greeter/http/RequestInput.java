package dev.greeter.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.greeter.net.Deadline;
import dev.greeter.net.LimitedRequestDecoder;
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
 * A client's input. It is watched on both sides of Netty's decoder, which shows when a request begins, how much of it has
 * come, and when it is whole. A head that stays incomplete, because the client half-closed or took too long, is passed on as a
 * request that failed to decode. Used by its channel's event loop only.
 */
final class RequestInput {
    /** The most that is read of a request that is not whole: its head, and its body with the overhead of chunks. */
    private static final int MAX_OCTETS =
            HeadCheck.MAX_LINE_OCTETS + HeadCheck.MAX_HEADER_OCTETS + 2 * BodyHandler.MAX_OCTETS;

    private static final ByteBuf EMPTY_LINE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("\r\n\r\n", US_ASCII).asReadOnly());
    private static final String FIRST_HANDLER = "early octets";

    private final Duration timeout;
    private final Runnable onTooLong;
    private final Runnable onEnd;
    private final Deadline deadline;
    private final EarlyOctets early = new EarlyOctets(this::isNeeded);
    private @Nullable ChannelHandlerContext octetsContext;
    private long octets;
    private int heads;
    private int answered;
    private boolean receiving;
    private boolean headRead;
    private boolean cut;
    private boolean timedOut;
    private boolean ignoring;
    private boolean ended;

    /**
     * @param timeout from the first octet of a request to its last
     * @param onTooLong runs when a request has more octets than any may have
     * @param onEnd runs when the client has half-closed, so that nothing more comes
     */
    RequestInput(LoopClock clock, Duration timeout, Runnable onTooLong, Runnable onEnd) {
        this.timeout = timeout;
        this.onTooLong = onTooLong;
        this.onEnd = onEnd;
        this.deadline = clock.deadline();
    }

    void addTo(ChannelPipeline pipeline) {
        LimitedRequestDecoder limited = LimitedRequestDecoder.replace(pipeline, HeadCheck.LIMITS, HeadCheck.MAX_FIELDS);
        String decoder = pipeline.context(limited).name();
        Octets handler = new Octets(limited);
        pipeline.addBefore(decoder, FIRST_HANDLER, early)
                .addBefore(decoder, null, handler)
                .addAfter(decoder, null, new Messages());
        octetsContext = pipeline.context(handler);
    }

    /** Puts a handler before all others of ours, if the connection is still there. */
    static void addBefore(ChannelPipeline pipeline, LingeringClose handler) {
        if (pipeline.context(FIRST_HANDLER) != null) {
            pipeline.addBefore(FIRST_HANDLER, null, handler);
        }
    }

    /** Returns the number of heads that have come, including malformed ones. */
    int heads() {
        return heads;
    }

    /** Whether a request has begun and is not whole. */
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

    /** The first request without a response has one, or needs none. */
    void answered() {
        answered++;
        if (receiving) {
            // the client could not send while nothing was read
            deadline.in(timeout);
        }
        early.passOn();
    }

    /** Whether the decoder may have more: for the first request without a response, or if there is none. */
    private boolean isNeeded() {
        int unanswered = heads - answered;
        return ignoring || unanswered <= 0 || (unanswered == 1 && receiving && headRead);
    }

    /** Passes on a head that is late as it is. */
    void giveUp() {
        timedOut = true;
        cutHead(Objects.requireNonNull(octetsContext));
    }

    /** Ends the head by an empty line, at which the decoder passes on the incomplete head, if there is one. */
    private void cutHead(ChannelHandlerContext context) {
        boolean isBody = receiving && headRead;
        boolean isWebSocket = context.pipeline().get(HttpRequestDecoder.class) == null;
        if (!isBody && !isWebSocket) {
            cut = true;
            context.fireChannelRead(EMPTY_LINE.duplicate());
            context.fireChannelReadComplete();
        }
    }

    /** Drops all that comes behind the current request. */
    void ignoreRest() {
        ignoring = true;
        early.drop();
    }

    private void begin() {
        receiving = true;
        headRead = false;
        octets = 0;
        deadline.in(timeout);
    }

    /** Before the decoder. */
    private final class Octets extends ChannelInboundHandlerAdapter {
        private final LimitedRequestDecoder decoder;

        Octets(LimitedRequestDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf read) {
                if (!receiving && begins(read)) {
                    begin();
                }
                octets += read.readableBytes();
            }
            context.fireChannelRead(message);
            if (!receiving && decoder.hasPartOfHead(heads)) {
                // it is behind a request that has ended
                begin();
            }
            if (receiving && octets > MAX_OCTETS) {
                onTooLong.run();
            }
        }

        /** Empty lines in front of a request are not part of it (RFC 9112, section 2.2). */
        private static boolean begins(ByteBuf read) {
            return read.forEachByte(octet -> octet == '\r' || octet == '\n') >= 0;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                cutHead(context);
                ended = true;
                onEnd.run();
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            // a request of which a part is held was not left by its client in the middle
            ignoring |= early.isHolding();
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
                                ? new Problem.RefusedException(Problem.TIMEOUT)
                                : new PrematureChannelClosureException("The client sends no more.")));
            }
        }

        private static boolean isMalformed(Object message) {
            return message instanceof HttpObject object
                    && object.decoderResult().isFailure();
        }
    }
}

package dev.greeter.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS below one client's connection. The connection is known to its server before the handshake, so that limits, deadlines and the
 * drain hold for it from the start. A client whose first octet is not that of a handshake (RFC 8446, section 5.1) speaks clear
 * text, and is passed on as it is, to be refused in its own protocol. The handlers above see no difference between TLS and clear
 * text: a {@code close_notify} arrives as a half-close. Used by its channel's event loop only.
 */
public final class TlsConnection {
    private static final int HANDSHAKE = 22;

    /** The time for a client to read why its handshake failed. A close under octets that it still sends would be a reset. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final int MAX_DROPPED_OCTETS = 1 << 18;

    /** For its handshake, and for new keys after each 2^24 records or so; each request for new keys costs an answer. */
    private static final int MAX_RECORDS_WITHOUT_DATA = 256;

    private static final Logger LOG = LoggerFactory.getLogger(TlsConnection.class);

    private enum State {
        SILENT,
        HANDSHAKING,
        ESTABLISHED,
        IN_CLEAR_TEXT,
        FAILED
    }

    private final ServerTls tls;
    private final Channel channel;
    private final Above above = new Above();
    private State state = State.SILENT;
    private boolean inputEnded;
    private @Nullable SslHandler handler;
    private Runnable onReady = () -> {};

    private TlsConnection(ServerTls tls, Channel channel) {
        this.tls = tls;
        this.channel = channel;
    }

    /**
     * Begins below the handlers of a channel that have read nothing yet.
     *
     * @param behind a handler that has read what comes before TLS; null if there is none
     */
    public static TlsConnection begin(ServerTls tls, Channel channel, @Nullable ChannelHandlerContext behind) {
        TlsConnection connection = new TlsConnection(tls, channel);
        if (behind == null) {
            channel.pipeline().addFirst(connection.new Below());
        } else {
            channel.pipeline().addAfter(behind.name(), null, connection.new Below());
        }
        return connection;
    }

    /** Runs the action, at once or later, when what is written reaches the client. */
    public void whenReady(Runnable action) {
        if (isReady()) {
            action.run();
        } else {
            onReady = action;
        }
    }

    /** Whether the handshake is done, or the client speaks clear text. */
    public boolean isReady() {
        return state == State.ESTABLISHED || state == State.IN_CLEAR_TEXT;
    }

    /** Whether the client speaks clear text. */
    public boolean isInClearText() {
        return state == State.IN_CLEAR_TEXT;
    }

    /** Whether the client has sent {@code close_notify}, or closed its side without. */
    public boolean isInputEnded() {
        return inputEnded;
    }

    /**
     * Sends {@code close_notify} after all that is written and flushed.
     *
     * @param then takes whether the kernel has it
     */
    public void closeOutput(Then then) {
        if (handler == null || state != State.ESTABLISHED) {
            then.run(true);
        } else {
            handler.closeOutbound().addListener(sent -> then.run(sent.isSuccess()));
        }
    }

    /** What comes after a {@code close_notify}. */
    @FunctionalInterface
    public interface Then {
        void run(boolean sent);
    }

    private void ready(State now) {
        state = now;
        onReady.run();
    }

    /** Below TLS. */
    private final class Below extends ChannelDuplexHandler {
        private final RecordBoundaries records = new RecordBoundaries();
        private boolean lingering;
        private int dropped;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (state == State.FAILED || inputEnded || !(message instanceof ByteBuf octets)) {
                drop(context, message);
                return;
            }
            if (state == State.SILENT && octets.isReadable()) {
                if (octets.getByte(octets.readerIndex()) == HANDSHAKE) {
                    shakeHands(context);
                } else {
                    ready(State.IN_CLEAR_TEXT);
                }
            }
            if (state == State.IN_CLEAR_TEXT) {
                context.fireChannelRead(octets);
            } else {
                readUpToAlert(context, octets);
                endFloodOfRecords(context);
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the channel closes
        private void endFloodOfRecords(ChannelHandlerContext context) {
            if (records.records() - above.reads > MAX_RECORDS_WITHOUT_DATA) {
                LOG.debug("{}: too many TLS records without data", channel.remoteAddress());
                inputEnded = true;
                context.close();
            }
        }

        /**
         * Keeps a {@code close_notify} of TLS 1.2 from the JDK's engine, which would answer it at once and discard all that is
         * written from then on (RFC 5246, section 7.2.1). In TLS 1.3 an engine still writes, and its alerts are not visible.
         */
        private void readUpToAlert(ChannelHandlerContext context, ByteBuf octets) {
            int alert = records.firstAlert(octets);
            while (alert < octets.writerIndex() && state != State.FAILED) {
                context.fireChannelRead(octets.readRetainedSlice(alert - octets.readerIndex()));
                if (isHalfCloseUnknown()) {
                    octets.release();
                    above.inputEnded();
                    return;
                }
                // of the handshake
                records.passAlert();
                alert = records.firstAlert(octets);
            }
            context.fireChannelRead(octets);
        }

        private boolean isHalfCloseUnknown() {
            return state == State.ESTABLISHED
                    && handler != null
                    && "TLSv1.2".equals(handler.engine().getSession().getProtocol());
        }

        private void shakeHands(ChannelHandlerContext context) {
            state = State.HANDSHAKING;
            SslHandler added = tls.newHandler(channel.alloc());
            handler = added;
            channel.pipeline().addAfter(context.name(), null, above);
            channel.pipeline().addAfter(context.name(), null, added);
            channel.pipeline().addAfter(context.name(), null, new RecordBuffers());
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the channel closes
        private void drop(ChannelHandlerContext context, Object message) {
            dropped += message instanceof ByteBuf octets ? octets.readableBytes() : 0;
            ReferenceCountUtil.release(message);
            if (dropped > MAX_DROPPED_OCTETS) {
                context.close();
            }
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the promise has the result, and the channel closes
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            if (state != State.FAILED || inputEnded || !(channel instanceof DuplexChannel duplex)) {
                context.close(promise);
                return;
            }
            channel.closeFuture().addListener(closed -> promise.trySuccess());
            if (!lingering) {
                lingering = true;
                duplex.shutdownOutput();
                duplex.config().setAutoRead(true);
                context.executor().schedule(() -> context.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a channel that is gone has nothing more to close
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            boolean isEnd = event instanceof ChannelInputShutdownEvent;
            if (isEnd && (state == State.HANDSHAKING || state == State.FAILED)) {
                context.close();
            } else {
                inputEnded |= isEnd && state != State.ESTABLISHED;
                context.fireUserEventTriggered(event);
            }
        }
    }

    /** Above TLS. */
    private final class Above extends ChannelInboundHandlerAdapter {
        private @Nullable ChannelHandlerContext context;
        /** The records that had data, because the JDK's engine reads one at a time. */
        private long reads;

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object message) {
            reads++;
            from.fireChannelRead(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext from, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done) {
                if (done.isSuccess()) {
                    ready(State.ESTABLISHED);
                } else {
                    failed(done.cause());
                }
            } else if (event instanceof SslCloseCompletionEvent close) {
                if (close.isSuccess()) {
                    inputEnded();
                }
            } else if (event instanceof ChannelInputShutdownEvent) {
                inputEnded();
            } else {
                from.fireUserEventTriggered(event);
            }
        }

        /** A client may end its side twice: within TLS, and below. */
        private void inputEnded() {
            if (!inputEnded && context != null) {
                inputEnded = true;
                context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        }

        private void failed(Throwable cause) {
            if (state == State.HANDSHAKING) {
                state = State.FAILED;
                tls.handshakeFailed();
                LOG.debug("{}: the TLS handshake failed: {}", channel.remoteAddress(), cause.toString());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
            if (state == State.FAILED) {
                // reported before
                return;
            }
            // a client's mistake, and not one of the decoder's
            from.fireExceptionCaught(
                    cause instanceof DecoderException && cause.getCause() instanceof SSLException mistake
                            ? mistake
                            : cause);
        }
    }
}

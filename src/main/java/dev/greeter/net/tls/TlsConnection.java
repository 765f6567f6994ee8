package dev.greeter.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
    private final Linger linger = new Linger();
    private final Supplier<String> client;
    private final RecordBuffers buffers;
    private final Above above = new Above();
    private State state = State.SILENT;
    private boolean inputEnded;
    private @Nullable SslHandler handler;
    private @Nullable ChannelFuture outputEnd;
    private Runnable onReady = () -> {};

    private TlsConnection(ServerTls tls, Channel channel, Supplier<String> client) {
        this.client = client;
        buffers = new RecordBuffers(client);
        this.tls = tls;
        this.channel = channel;
    }

    /**
     * Begins below the handlers of a channel that have read nothing yet.
     *
     * @param behind a handler that has read what comes before TLS; null if there is none
     * @param client as the log names it
     */
    public static TlsConnection begin(
            ServerTls tls, Channel channel, @Nullable ChannelHandlerContext behind, Supplier<String> client) {
        TlsConnection connection = new TlsConnection(tls, channel, client);
        if (behind == null) {
            channel.pipeline().addFirst(connection.linger, connection.new Below());
        } else {
            channel.pipeline().addAfter(behind.name(), null, connection.new Below());
            channel.pipeline().addAfter(behind.name(), null, connection.linger);
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
     * Sends {@code close_notify}, once, after all that is written and flushed.
     *
     * @param then takes whether the kernel has it
     */
    public void closeOutput(Consumer<Boolean> then) {
        if (handler == null || state != State.ESTABLISHED) {
            then.accept(true);
            return;
        }
        if (outputEnd == null) {
            outputEnd = handler.closeOutbound();
        }
        outputEnd.addListener(sent -> then.accept(sent.isSuccess()));
    }

    /**
     * Ends the connection of a client that has ended its input: sends {@code close_notify}, which a client that reads nothing may
     * prevent, and closes when the client has closed its side too. Behind its own {@code close_notify} it may still send, in vain.
     */
    public void finish() {
        // where it is not sent, the client is gone
        closeOutput(sent -> linger.begin());
    }

    private void ready(State now) {
        state = now;
        onReady.run();
    }

    /** Below TLS. */
    private final class Below extends ChannelDuplexHandler {
        private final RecordBoundaries records = new RecordBoundaries();
        private boolean inCloseNotify;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf octets = (ByteBuf) message;
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
            if (!inputEnded && records.records() - above.reads > MAX_RECORDS_WITHOUT_DATA) {
                LOG.debug("{}: too many TLS records without data", client.get());
                inputEnded = true;
                context.close();
            }
        }

        /**
         * Keeps a {@code close_notify} of TLS 1.2 from the JDK's engine, which would answer it at once and discard all that is
         * written from then on (RFC 5246, section 7.2.1). In TLS 1.3 an engine still writes, and its alerts are not visible.
         */
        private void readUpToAlert(ChannelHandlerContext context, ByteBuf octets) {
            int alert = inCloseNotify ? octets.readerIndex() : records.firstAlert(octets);
            while (alert < octets.writerIndex() && state != State.FAILED) {
                context.fireChannelRead(octets.readRetainedSlice(alert - octets.readerIndex()));
                inCloseNotify |= isHalfCloseUnknown();
                if (inCloseNotify) {
                    // however long it claims to be, it is dropped; an end under its rest would be a reset
                    boolean whole = records.passRecord(octets);
                    octets.release();
                    if (whole) {
                        above.inputEnded();
                    }
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
            channel.pipeline().addAfter(context.name(), null, buffers);
        }

        /** The client has time to read why its handshake failed. */
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the promise has the result, and the channel closes
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            if (state != State.FAILED || inputEnded) {
                context.close(promise);
                return;
            }
            channel.closeFuture().addListener(closed -> promise.trySuccess());
            linger.begin();
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
                buffers.end();
                linger.drop();
                context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        }

        private void failed(Throwable cause) {
            if (state == State.HANDSHAKING) {
                state = State.FAILED;
                linger.drop();
                tls.handshakeFailed();
                LOG.debug("{}: the TLS handshake failed: {}", client.get(), cause.toString());
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

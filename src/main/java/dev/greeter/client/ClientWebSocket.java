package dev.greeter.client;

import dev.greeter.config.Version;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a WebSocket (RFC 6455) over a connection that is open, which it owns from then on. Runs on the
 * connection's context. Vert.x's own client makes its connections itself, with other limits and names than a {@link
 * dev.greeter.client.connect.Dialer}.
 */
final class ClientWebSocket {
    private static final int MAX_MESSAGE_OCTETS = 262_144;

    /** Netty derives a host from it, which may not be any that HTTP allows; we set the field ourselves. */
    private static final String ANY_ORIGIN = "ws://localhost";

    /** The owner closes the connection. */
    private static final long NO_FORCED_CLOSE = -1;

    /** Only browsers have an origin. */
    private static final boolean SENDS_ORIGIN = false;

    /** Receives the WebSocket's events. */
    interface Listener {
        void opened();

        /** A message, of text or of UTF-8 in octets. */
        void received(String message);

        /** The server answered, but did not upgrade; {@code why} is a few words. */
        void refused(String why);

        /** The connection ended; {@code why} is a few words. Called once at most. */
        void ended(String why);
    }

    private final NetSocketInternal socket;
    private final Listener listener;
    private final WebSocketClientHandshaker handshaker;
    private byte @Nullable [] unansweredPing;
    private boolean writesPong;
    private boolean over;

    ClientWebSocket(NetSocket socket, Url url, Listener listener) {
        this.socket = (NetSocketInternal) socket;
        this.listener = listener;
        HttpHeaders headers = new DefaultHttpHeaders()
                .add(HttpHeaderNames.HOST, url.authority())
                .add(HttpHeaderNames.USER_AGENT, "greeter/" + Version.number());
        this.handshaker = WebSocketClientHandshakerFactory.newHandshaker(
                URI.create(ANY_ORIGIN + url.target()),
                WebSocketVersion.V13,
                null,
                false,
                headers,
                MAX_MESSAGE_OCTETS,
                true,
                false,
                NO_FORCED_CLOSE,
                false,
                SENDS_ORIGIN);
    }

    /** Requests the upgrade. */
    void start() {
        ChannelHandlerContext last = socket.channelHandlerContext();
        ChannelPipeline pipeline = last.pipeline();
        pipeline.addBefore(last.name(), null, new ResponseDecoder());
        pipeline.addBefore(last.name(), null, new HttpRequestEncoder());
        socket.exceptionHandler(this::broken);
        socket.closeHandler(closed -> end("closed"));
        socket.messageHandler(this::read);
        handshaker.handshake(last.channel()).addListener(sent -> {
            if (!sent.isSuccess()) {
                broken(sent.cause());
            }
        });
    }

    void send(String text) {
        write(new TextWebSocketFrame(text));
    }

    /** Closes it, with a close frame if it is open. */
    void close() {
        over = true;
        if (handshaker.isHandshakeComplete()) {
            write(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
        }
        var unused = socket.close();
    }

    private Future<Void> write(WebSocketFrame frame) {
        return socket.writeMessage(frame).onFailure(this::broken);
    }

    private void broken(Throwable cause) {
        if (!over) {
            end(
                    cause instanceof TooLongFrameException
                            ? "sent a message over " + MAX_MESSAGE_OCTETS + " octets"
                            : NetworkErrors.broken(cause));
        }
    }

    private void end(String why) {
        if (!over) {
            over = true;
            listener.ended(why);
        }
    }

    private void read(Object message) {
        try {
            if (over) {
                return;
            }
            if (message instanceof WebSocketFrame frame) {
                read(frame);
            } else if (message instanceof HttpObject part && !handshaker.isHandshakeComplete()) {
                read(part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(HttpObject part) {
        Throwable failure = part.decoderResult().cause();
        if (failure != null) {
            listener.refused(
                    failure instanceof TooLongFrameException
                            ? "the response's head is over " + ResponseDecoder.MAX_HEAD_OCTETS + " octets"
                            : "answered no HTTP (" + NetworkErrors.said(failure) + ")");
        } else if (part instanceof HttpResponse response) {
            if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                upgrade(response);
            } else if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                listener.refused("answered " + response.status().code() + ", not a WebSocket");
            }
        }
    }

    private void upgrade(HttpResponse response) {
        Channel channel = socket.channelHandlerContext().channel();
        try {
            handshaker.finishHandshake(
                    channel,
                    new DefaultFullHttpResponse(
                            response.protocolVersion(),
                            response.status(),
                            Unpooled.EMPTY_BUFFER,
                            response.headers(),
                            EmptyHttpHeaders.INSTANCE));
        } catch (WebSocketHandshakeException wrong) {
            listener.refused(
                    "answered " + response.status().code() + ", but no WebSocket (" + NetworkErrors.said(wrong) + ")");
            return;
        }
        channel.pipeline()
                .addBefore(
                        socket.channelHandlerContext().name(), null, new WebSocketFrameAggregator(MAX_MESSAGE_OCTETS));
        listener.opened();
    }

    private void read(WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
            answer(ByteBufUtil.getBytes(frame.content()));
        } else if (frame instanceof CloseWebSocketFrame) {
            end("closed");
        } else if (!(frame instanceof PongWebSocketFrame)) {
            // the bridge of Vert.x 5 sends its JSON in binary frames
            listener.received(frame.content().toString(StandardCharsets.UTF_8));
        }
    }

    /**
     * Answers the newest ping only, once the pong before is written (RFC 6455, section 5.5.3): a server that sends many and
     * reads nothing costs no memory.
     */
    private void answer(byte[] ping) {
        unansweredPing = ping;
        if (!writesPong) {
            pong(ping);
        }
    }

    private void pong(byte[] ping) {
        unansweredPing = null;
        writesPong = true;
        write(new PongWebSocketFrame(Unpooled.wrappedBuffer(ping))).onSuccess(written -> {
            writesPong = false;
            byte[] newer = unansweredPing;
            if (newer != null && !over) {
                pong(newer);
            }
        });
    }
}

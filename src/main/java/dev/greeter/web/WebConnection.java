package dev.greeter.web;

import dev.greeter.web.WebListener.Admission;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/** One client's connection. Used by its verticle's context only. */
final class WebConnection {
    private final HttpConnection connection;
    private final Channel channel;
    private final String handler;
    private final Admission admission;
    private int unanswered;
    private boolean finishing;
    private @Nullable WebSocketGuard webSocket;

    WebConnection(HttpConnection connection, Admission admission) {
        this.connection = connection;
        // Vert.x has no half-close, and its own close notice ends with an upgrade to a WebSocket
        ChannelHandlerContext context = ((HttpServerConnection) connection).channelHandlerContext();
        this.channel = context.channel();
        this.handler = context.name();
        channel.pipeline().addBefore(handler, null, new HeadCheck());
        this.admission = admission;
    }

    Channel channel() {
        return channel;
    }

    boolean isOverLimit() {
        return admission != Admission.ADMITTED;
    }

    /** Whether its last answer is under way; what it asks after that is dropped, and known by the client to be so. */
    boolean isFinishing() {
        return finishing;
    }

    /** Whether a request is neither answered nor dropped. */
    boolean isBusy() {
        return unanswered > 0;
    }

    /** Whether the request that is looked at is the only one that is not answered. */
    boolean isOneAsked() {
        return unanswered == 1;
    }

    void asked() {
        unanswered++;
    }

    void answered() {
        unanswered--;
        if (finishing) {
            connection.close();
        }
    }

    /** It became a WebSocket, which is asked nothing that a drain would wait for. */
    void upgraded(WebSocketGuard guard, int maxMessageOctets) {
        unanswered--;
        webSocket = guard;
        channel.pipeline()
                .addBefore(handler, null, new WebSocketFrameAggregator(maxMessageOctets))
                .addBefore(handler, null, guard);
    }

    /** If it is a WebSocket, it ends; what else it is does by its next answer. */
    void goAway() {
        if (webSocket != null) {
            webSocket.end(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE);
        }
    }

    /** The answer that comes now is the last; the connection closes when it is handed over. */
    void finish() {
        if (!finishing) {
            finishing = true;
            linger();
        }
    }

    /** From now on its close loses nothing that is on its way to the client. */
    void linger() {
        if (channel.pipeline().get(LingeringClose.class) == null) {
            channel.pipeline().addFirst(new LingeringClose());
        }
    }

    /** Ends it in order with what was asked last unanswered. */
    void hangUp() {
        finish();
        unanswered--;
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    /** Ends it by a reset. */
    void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        cut();
    }

    /** Closes it in spite of all that is still to be written or read. */
    void cut() {
        channel.unsafe().close(channel.voidPromise());
    }
}

package dev.greeter.web;

import dev.greeter.web.WebListener.Admission;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/** One client's connection. Used by its verticle's context only. */
final class WebConnection {
    private final HttpConnection connection;
    private final Channel channel;
    private final Admission admission;
    private int unanswered;
    private boolean finishing;

    WebConnection(HttpConnection connection, Admission admission) {
        this.connection = connection;
        // Vert.x has no half-close, and its own close notice ends with an upgrade to a WebSocket
        ChannelHandlerContext handler = ((HttpServerConnection) connection).channelHandlerContext();
        this.channel = handler.channel();
        channel.pipeline().addBefore(handler.name(), null, HttpVersionCheck.INSTANCE);
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

    void asked() {
        unanswered++;
    }

    void answered() {
        unanswered--;
        if (finishing) {
            connection.close();
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

    /** Closes it in spite of all that is still to be written or read. */
    void cut() {
        channel.unsafe().close(channel.voidPromise());
    }
}

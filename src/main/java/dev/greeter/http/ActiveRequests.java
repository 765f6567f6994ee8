package dev.greeter.http;

import dev.greeter.net.ClientChannel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the requests of one connection whose heads were read and whose responses are not written. When the connection closes,
 * the rest is subtracted at once, whatever is written later. Vert.x's own gauge misses or counts twice a response that comes
 * before the end of its request, or after the client went. Used by its channel's event loop only.
 */
final class ActiveRequests extends ChannelDuplexHandler {
    private final LongAdder all;
    private int ofThis;
    private boolean closed;

    private ActiveRequests(LongAdder all) {
        this.all = all;
    }

    /** @param all the requests of any number of connections */
    static void count(ClientChannel channel, LongAdder all) {
        channel.add(new ActiveRequests(all));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            change(1);
        }
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise has the result
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInterim(message) && ofThis > 0) {
            change(-1);
        }
        context.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        change(-ofThis);
        closed = true;
        context.fireChannelInactive();
    }

    private void change(int by) {
        if (!closed) {
            ofThis += by;
            all.add(by);
        }
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response && response.status().equals(HttpResponseStatus.CONTINUE);
    }
}

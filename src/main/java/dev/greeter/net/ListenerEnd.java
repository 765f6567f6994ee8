package dev.greeter.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a listening channel that loses as little as can be: it accepts all that the kernel has in the queue, then closes
 * the socket at once. Netty alone would accept no more from the moment it is asked, and the JDK closes a socket only when
 * its selector has forgotten it; the kernel resets whatever it completes meanwhile. So the selector forgets it first.
 * Used by the acceptor's loop only.
 */
final class ListenerEnd {
    /** As many as a queue may hold; more come only from clients that connect faster than this accepts. */
    private static final int MAX_ACCEPTED = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(ListenerEnd.class);

    private final Channel channel;
    private final EventLoop loop;
    private final ServerSocketChannel socket;
    private final Promise<Void> ended = Promise.promise();

    private ListenerEnd(Channel channel, ServerSocketChannel socket) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.socket = socket;
    }

    /**
     * Ends it; any thread may call this.
     *
     * @return completes on the acceptor's loop, when the kernel listens no more and each connection is handed to its loop
     */
    static Future<Void> of(Channel listening) {
        if (listening.unsafe() instanceof NioUnsafe nio && nio.ch() instanceof ServerSocketChannel socket) {
            ListenerEnd end = new ListenerEnd(listening, socket);
            listening.deregister().addListener(deregistered -> end.awaitSelector());
            return end.ended.future();
        }
        Promise<Void> closed = Promise.promise();
        close(listening, closed);
        return closed.future();
    }

    private void awaitSelector() {
        if (socket.isRegistered()) {
            // scheduled, because this comes after the next selection, and what is executed may come before
            loop.schedule(this::awaitSelector, 0, TimeUnit.NANOSECONDS).addListener(run -> {
                if (!run.isSuccess()) {
                    ended.tryFail(run.cause());
                }
            });
        } else {
            end();
        }
    }

    private void end() {
        List<SocketChannel> accepted = new ArrayList<>();
        try (socket) {
            SocketChannel next = socket.accept();
            while (next != null) {
                accepted.add(next);
                next = accepted.size() < MAX_ACCEPTED ? socket.accept() : null;
            }
        } catch (IOException noDescriptors) {
            LOG.debug("connections not accepted: {}", noDescriptors.toString());
        }
        for (SocketChannel connection : accepted) {
            channel.pipeline().fireChannelRead(new NioSocketChannel(channel, connection));
        }
        channel.pipeline().fireChannelReadComplete();
        close(channel, ended);
    }

    private static void close(Channel channel, Promise<Void> closed) {
        channel.close().addListener(done -> {
            if (done.isSuccess()) {
                closed.tryComplete();
            } else {
                closed.tryFail(done.cause());
            }
        });
    }
}

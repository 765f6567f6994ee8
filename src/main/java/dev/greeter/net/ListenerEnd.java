package dev.greeter.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.Closeable;
import io.vertx.core.internal.CloseableResource;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a listening channel with the fewest connections lost: it accepts all that the kernel has in the queue, then closes
 * the socket at once. Netty alone would accept no more from the moment it is asked, and the JDK closes a socket only when
 * its selector has forgotten it; the kernel resets each connection that it completes meanwhile. So the selector forgets it first.
 * Used by the acceptor's loop only.
 */
final class ListenerEnd {
    /** As many as a queue may hold; more come only from clients that connect faster than this accepts. */
    private static final int MAX_ACCEPTED = 4_096;

    /** Where Vert.x keeps the listening sockets that its servers share. */
    private static final String LISTENING_SOCKETS = "__vertx.shared.tcpServers";

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
     * Ends a channel to which somebody has connected; any thread may call this.
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

    /**
     * Ends the socket that listens on an address to which nobody has connected yet, so that its channel is not known.
     *
     * @param instance the context of a server that listens there
     * @param bound null if there is none
     */
    static Future<Void> ofUnused(ContextInternal instance, @Nullable SocketAddress bound) {
        if (bound == null) {
            return Future.succeededFuture();
        }
        VertxInternal vertx = instance.owner();
        String name = bound.port() < 0 ? bound.host() + "/" + -bound.port() : bound.host();
        CloseableResource<Closeable> socket =
                vertx.createSharedResource(LISTENING_SOCKETS, name + "." + bound.port(), () -> {
                    throw new IllegalStateException("Vert.x does not listen on " + bound);
                });
        return socket.get()
                .shutdown(Duration.ZERO)
                .compose(closed -> nextSelection(vertx.acceptorEventLoopGroup()))
                // or that loop accepted
                .compose(selected -> nextSelection(instance.nettyEventLoop()))
                .eventually(socket::close);
    }

    /** The JDK keeps a socket open until its selector has forgotten it; scheduled tasks come after that. */
    private static Future<Void> nextSelection(EventLoopGroup acceptor) {
        Promise<Void> selected = Promise.promise();
        acceptor.schedule(() -> {}, 0, TimeUnit.NANOSECONDS).addListener(done -> selected.complete());
        return selected.future();
    }

    private void awaitSelector() {
        if (socket.isRegistered()) {
            // scheduled, because a task that is only executed may come before the next selection
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
            channel.pipeline().fireChannelRead(new AcceptedChannel(channel, connection));
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

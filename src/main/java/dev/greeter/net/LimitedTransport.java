package dev.greeter.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.internal.ThreadExecutorMap;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vert.x's NIO transport, whose listening sockets close a connection over an {@link AcceptLimit} as soon as it is accepted.
 * The servers' own limits come too late for this: a connection is handed to its server's loop first, and a burst may have
 * taken all of the process's descriptors by then.
 */
public final class LimitedTransport extends NioTransport {
    private static final Logger LOG = LoggerFactory.getLogger(LimitedTransport.class);

    private final AcceptLimit limit;
    private final boolean ownAcceptor;
    private final List<ServerBinding> bindings;

    private LimitedTransport(AcceptLimit limit, boolean ownAcceptor, List<ServerBinding> bindings) {
        this.limit = limit;
        this.ownAcceptor = ownAcceptor;
        this.bindings = bindings;
    }

    /**
     * For one Vert.x.
     *
     * @param ownAcceptor whether a separate loop accepts the connections of all servers, and hands them round to those of
     *     their instances; otherwise the loop that binds a port accepts, and wakes no other loop for its own connections
     * @param bindings of the servers whose connections may begin with a header of the PROXY protocol; each has its own port
     */
    public static Transport of(AcceptLimit limit, boolean ownAcceptor, ServerBinding... bindings) {
        return new TransportInternal("nio", true, null, new LimitedTransport(limit, ownAcceptor, List.of(bindings)));
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory threadFactory, int ioRatio) {
        return ownAcceptor || type != ACCEPTOR_EVENT_LOOP_GROUP
                ? super.eventLoopGroup(type, threads, threadFactory, ioRatio)
                : new BindingLoops(threads, threadFactory, ioHandlerFactory());
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return domainSocket ? super.serverChannelFactory(true) : () -> new Listening(limit, bindings);
    }

    /** Registers a listening socket with the loop that binds it. */
    private static final class BindingLoops extends MultiThreadIoEventLoopGroup {
        BindingLoops(int threads, ThreadFactory threadFactory, IoHandlerFactory ioHandlers) {
            super(threads, threadFactory, ioHandlers);
        }

        @Override
        public ChannelFuture register(Channel channel) {
            return ThreadExecutorMap.currentExecutor() instanceof EventLoop loop
                    ? loop.register(channel)
                    : super.register(channel);
        }
    }

    private static final class Listening extends NioServerSocketChannel {
        /** As long as Netty waits, which logs a stack trace each time. */
        private static final Duration PAUSE = Duration.ofSeconds(1);

        /**
         * The kernel's, of each connection, which inherits it; Linux counts twice as much. Without it the buffer of a client that
         * is read fast grows up to 6 MiB, and those are full when it is not read any more.
         */
        private static final int RECEIVE_BUFFER_OCTETS = 16 << 10;

        private final AcceptLimit limit;
        private boolean reported;

        Listening(AcceptLimit limit, List<ServerBinding> bindings) {
            this.limit = limit;
            config().setReceiveBufferSize(RECEIVE_BUFFER_OCTETS);
            pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object connection) {
                    bindings.forEach(each -> each.accepted((Channel) connection, localAddress()));
                    context.fireChannelRead(connection);
                }
            });
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            SocketChannel socket;
            try {
                socket = javaChannel().accept();
            } catch (IOException noDescriptor) {
                pause(noDescriptor);
                return 0;
            }
            if (socket == null) {
                return 0;
            }
            reported = false;
            if (!limit.take(localAddress())) {
                socket.close();
                return 1;
            }
            try {
                AcceptedChannel connection = new AcceptedChannel(this, socket);
                connection.closeFuture().addListener(closed -> limit.free());
                accepted.add(connection);
            } catch (ChannelException gone) {
                LOG.debug("connection not accepted: {}", gone.toString());
                limit.free();
                socket.close();
            }
            return 1;
        }

        /** Something else has taken the descriptors. Connections that wait stay in the kernel's queue. */
        @SuppressWarnings("FutureReturnValueIgnored") // it ends with the loop
        private void pause(IOException cause) {
            if (!reported) {
                reported = true;
                LOG.atWarn()
                        .addKeyValue("port", localAddress().getPort())
                        .addKeyValue("cause", cause.getMessage())
                        .log("no connection can be accepted");
            }
            config().setAutoRead(false);
            eventLoop().schedule(() -> config().setAutoRead(true), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}

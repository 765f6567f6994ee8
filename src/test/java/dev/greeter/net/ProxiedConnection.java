package dev.greeter.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.greeter.config.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

/** A connection that a proxy makes, in which another handler stands for Vert.x's. */
final class ProxiedConnection extends EmbeddedChannel {
    static final int PORT = 1234;
    private static final String PROXY = "192.0.2.1";

    /** What Vert.x would have read. */
    final StringBuilder read = new StringBuilder();

    /** The address that Vert.x would have taken for the client's; empty if that is the proxy's. */
    String client = "";

    /** How often Vert.x would have been given the connection. */
    int served;

    ProxiedConnection() {
        super(false, false, new ChannelHandler[0]);
    }

    ProxiedConnection accept(ServerBinding binding) throws Exception {
        binding.expectHeaders(new ProxyProtocol(List.of(PROXY)), () -> Duration.ofMinutes(1));
        binding.accepted(this, new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
        pipeline().addLast(new Vertx());
        register();
        return this;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return new InetSocketAddress(PROXY, 5_000);
    }

    @ChannelHandler.Sharable
    private final class Vertx extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            served++;
            io.vertx.core.net.SocketAddress address =
                    channel.attr(ConnectionBase.REMOTE_ADDRESS_OVERRIDE).get();
            client = address == null ? "" : SocketAddresses.text(address);
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    ByteBuf octets = (ByteBuf) message;
                    read.append(octets.toString(ISO_8859_1));
                    octets.release();
                }
            });
        }
    }
}

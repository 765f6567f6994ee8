package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * Answers with the same octets as Greeter, for the least that a server on this transport can spend. {@link ExchangeBench}
 * starts it as a process, with the page's response in Base64 as its argument. It ends when its standard input does.
 */
final class Yardstick {
    private static final byte LF = '\n';
    private static final byte CR = '\r';

    private Yardstick() {}

    public static void main(String[] args) throws Exception {
        byte[] page = Base64.getDecoder().decode(args[0]);
        // otherwise the exit code of a signal is 128 and its number
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
        EventLoopGroup acceptor = Network.loops(1);
        EventLoopGroup loops = Network.loops(Runtime.getRuntime().availableProcessors());
        listen("greeting", acceptor, loops, Greetings::new);
        listen("http", acceptor, loops, () -> new Pages(page));
        System.out.println(new JsonObject().put("message", "ready").encode());
        // the parent sends nothing: the input ends with it
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    private static void listen(
            String server, EventLoopGroup acceptor, EventLoopGroup loops, Supplier<Answering> answering)
            throws InterruptedException {
        Channel channel = new ServerBootstrap()
                .group(acceptor, loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(answering.get());
                    }
                })
                .bind(Network.LOOPBACK, 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        System.out.println(new JsonObject()
                .put("message", "listening")
                .put("server", server)
                .put("port", port)
                .encode());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the benchmark's clients notice a failed write
    private abstract static class Answering extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf octets = (ByteBuf) message;
            try {
                answer(context, octets);
            } finally {
                octets.release();
            }
        }

        abstract void answer(ChannelHandlerContext context, ByteBuf octets);

        static ByteBuf direct(byte[] octets) {
            return Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(octets.length).writeBytes(octets).asReadOnly());
        }
    }

    /** The first octet decides the form; a session's first line is its preface. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Greetings extends Answering {
        private static final int MOST = 4_096;
        private static final int WORLD_OCTETS = "World\n".length();
        private static final ByteBuf WORLDS = direct("World\n".repeat(MOST).getBytes(US_ASCII));
        private static final ByteBuf PREFACE = direct(Script.PREFACE.getBytes(US_ASCII));

        private int oneShotOctets;
        private boolean session;

        @Override
        void answer(ChannelHandlerContext context, ByteBuf octets) {
            if (session) {
                write(context, lines(octets));
            } else if (octets.getByte(octets.readerIndex()) == 'G') {
                session = true;
                context.write(PREFACE.duplicate());
                write(context, lines(octets) - 1);
            } else {
                oneShotOctets += octets.readableBytes();
                if (oneShotOctets >= "Hello".length()) {
                    context.writeAndFlush(WORLDS.slice(0, WORLD_OCTETS - 1)).addListener(ChannelFutureListener.CLOSE);
                }
            }
        }

        private static void write(ChannelHandlerContext context, int lines) {
            int left = lines;
            while (left > MOST) {
                context.write(WORLDS.duplicate());
                left -= MOST;
            }
            context.writeAndFlush(WORLDS.slice(0, left * WORLD_OCTETS));
        }

        private static int lines(ByteBuf octets) {
            int lines = 0;
            for (int i = octets.readerIndex(); i < octets.writerIndex(); i++) {
                if (octets.getByte(i) == LF) {
                    lines++;
                }
            }
            return lines;
        }
    }

    /** An empty line ends a request. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Pages extends Answering {
        private final ByteBuf page;
        private int matched;

        Pages(byte[] page) {
            this.page = direct(page);
        }

        @Override
        void answer(ChannelHandlerContext context, ByteBuf octets) {
            for (int i = octets.readerIndex(); i < octets.writerIndex(); i++) {
                byte octet = octets.getByte(i);
                if (octet == (matched % 2 == 0 ? CR : LF)) {
                    matched++;
                } else {
                    matched = octet == CR ? 1 : 0;
                }
                if (matched == 4) {
                    matched = 0;
                    context.write(page.duplicate());
                }
            }
            context.flush();
        }
    }
}

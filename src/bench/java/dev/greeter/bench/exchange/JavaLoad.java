package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Does what {@code src/bench/c/load.c} does, with the same arguments, input and output, where no C compiler is installed. It takes
 * about twice as much CPU. All of it but the counter belongs to one event loop.
 */
final class JavaLoad {
    final Script script;
    private final Bootstrap bootstrap;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final int depth;

    /** Only the event loop writes it, so a lazy write is enough. */
    private final AtomicLong answers = new AtomicLong();

    private volatile boolean stopping;
    private int clients;

    private JavaLoad(Script script, int port) {
        this.script = script;
        depth = script.end == Script.End.HALF_CLOSE
                ? (int) new String(script.request, US_ASCII).lines().count()
                : 1;
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress("127.0.0.1", port)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Client(JavaLoad.this));
                    }
                });
    }

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        Script script = new Script(
                Files.readAllBytes(Path.of(args[3])),
                Files.readAllBytes(Path.of(args[4])),
                Files.readAllBytes(Path.of(args[5])),
                Integer.parseInt(args[6]),
                Script.End.valueOf(args[2].replace('-', '_').toUpperCase(Locale.ROOT)));
        JavaLoad load = new JavaLoad(script, port);
        int connections = Integer.parseInt(args[1]);
        load.loop.execute(() -> load.start(connections));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            if (line.equals("stop")) {
                load.stopping = true;
            } else {
                System.out.println(load.answers.get());
            }
        }
        // the benchmark has ended
        System.exit(1);
    }

    private void start(int connections) {
        clients = connections;
        for (int i = 0; i < connections; i++) {
            connect();
        }
    }

    void connect() {
        bootstrap.connect().addListener((ChannelFuture connected) -> {
            if (!connected.isSuccess()) {
                fail("no connection: " + connected.cause());
            }
        });
    }

    boolean isStopping() {
        return stopping;
    }

    void answered() {
        answers.lazySet(answers.get() + depth);
    }

    void clientEnded() {
        clients--;
        if (clients == 0) {
            System.out.println(answers.get());
            System.exit(0);
        }
    }

    void fail(String reason) {
        System.out.println("failed: " + reason);
        System.exit(1);
    }
}

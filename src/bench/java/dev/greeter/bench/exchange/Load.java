package dev.greeter.bench.exchange;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clients of one form at one server, each of which sends again as soon as it is answered. {@link #start}, {@link #hold}
 * and {@link #stop} belong to the benchmark's thread, the other methods to the clients' one event loop.
 */
final class Load {
    private static final Duration LAST_ANSWERS_LIMIT = Duration.ofSeconds(10);

    final Form form;
    final ServerProcess server;
    final Script script;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Bootstrap bootstrap;

    /** Only the event loop writes it, so a lazy write is enough. */
    private final AtomicLong exchanges = new AtomicLong();

    private volatile boolean stopping;
    private int clients;

    Load(Form form, byte[] page, ServerProcess server, EventLoopGroup loops) {
        this.form = form;
        this.server = server;
        script = Script.of(form, page);
        bootstrap = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) LAST_ANSWERS_LIMIT.toMillis())
                .remoteAddress(Network.LOOPBACK, server.port(form))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Client(Load.this));
                    }
                });
    }

    void start(int connections) {
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

    /** Returns after this time, or throws as soon as an answer is wrong. */
    void hold(Duration duration) throws InterruptedException {
        try {
            ended.get(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException expected) {
            return;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof BenchException wrong ? wrong : new IllegalStateException(failed);
        }
    }

    /** Waits for the answers that are still due, closes the connections and returns the number of exchanges. */
    long stop() throws InterruptedException {
        stopping = true;
        hold(LAST_ANSWERS_LIMIT);
        if (!ended.isDone()) {
            fail("answers were still due after " + LAST_ANSWERS_LIMIT.toSeconds() + " s");
            hold(Duration.ZERO);
        }
        return exchanges();
    }

    /** The exchanges that were answered so far. Any thread. */
    long exchanges() {
        return exchanges.get();
    }

    boolean isStopping() {
        return stopping;
    }

    void answered() {
        exchanges.lazySet(exchanges.get() + form.depth);
    }

    void clientEnded() {
        clients--;
        if (clients == 0) {
            ended.complete(null);
        }
    }

    void fail(String reason) {
        ended.completeExceptionally(new BenchException(form.label + ", " + server.name + ": " + reason));
    }
}

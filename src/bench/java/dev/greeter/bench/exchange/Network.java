package dev.greeter.bench.exchange;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

/** What the clients and the yardstick share. */
final class Network {
    static final String LOOPBACK = "127.0.0.1";

    private Network() {}

    /** NIO, like Greeter's. */
    static EventLoopGroup loops(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("loops", true), NioIoHandler.newFactory());
    }
}

package dev.greeter.monitor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.TransportMetrics;
import java.util.concurrent.atomic.LongAdder;

/** The connections of one server, and their octets. */
final class TcpServerMeters implements TransportMetrics<LongAdder> {
    private final MeterRegistry registry;
    private final String prefix;
    private final Tags local;
    private final LongAdder connections = new LongAdder();
    private final Counter read;
    private final Counter written;

    /** @param prefix of the meters' names, with a dot at its end */
    TcpServerMeters(MeterRegistry registry, String prefix, Tags local) {
        this.registry = registry;
        this.prefix = prefix;
        this.local = local;
        Gauge.builder(prefix + "active.connections", connections, LongAdder::doubleValue)
                .description("Number of opened connections to the server")
                .tags(local)
                .register(registry);
        read = Counter.builder(prefix + "bytes.read")
                .description("Number of bytes received by the server")
                .tags(local)
                .register(registry);
        written = Counter.builder(prefix + "bytes.written")
                .description("Number of bytes sent by the server")
                .tags(local)
                .register(registry);
    }

    @Override
    public LongAdder connected(SocketAddress remote, String remoteName) {
        connections.increment();
        return connections;
    }

    @Override
    public void disconnected(LongAdder connected, SocketAddress remote) {
        connected.decrement();
    }

    @Override
    public void bytesRead(LongAdder connected, SocketAddress remote, long octets) {
        read.increment((double) octets);
    }

    @Override
    public void bytesWritten(LongAdder connected, SocketAddress remote, long octets) {
        written.increment((double) octets);
    }

    @Override
    public void exceptionOccurred(LongAdder connected, SocketAddress remote, Throwable failure) {
        Counter.builder(prefix + "errors")
                .description("Number of errors")
                .tags(local)
                .register(registry)
                .increment();
    }
}

package dev.greeter.client.connect;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.dns.impl.DnsAddressResolverProvider;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Resolves names by the hosts file and by name servers, as {@code resolv.conf} says. Reads both files again when they change, and
 * asks again after a second without an answer (RFC 1035, section 4.2.1), because a datagram can get lost. Thread-safe.
 */
public final class Resolver {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    /** From a question to the next one to the same or another name server. */
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(1);

    /** How often the files are looked at, at most. */
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(1);

    /** For what a resolver that was replaced still has under way. */
    private static final Duration RETIREMENT = Duration.ofMinutes(1);

    private final VertxInternal vertx;
    private final Supplier<ResolvConf> file;
    private final AtomicLong checkedAtNanos = new AtomicLong(System.nanoTime());
    private volatile Current current;

    private record Current(ResolvConf conf, AddressResolverGroup<InetSocketAddress> names) {}

    public Resolver(Vertx vertx) {
        this(vertx, () -> ResolvConf.read(RESOLV_CONF));
    }

    Resolver(Vertx vertx, Supplier<ResolvConf> file) {
        this.vertx = (VertxInternal) vertx;
        this.file = file;
        this.current = create(file.get());
    }

    /**
     * Returns an address of a host; if a name server knows several, of IPv4 or IPv6, one of them at random. A family that this
     * machine cannot use is left out of both. The hosts file has one address for a name, of IPv4 if there is one.
     *
     * @param host a name
     * @param timeout no question is asked after it; a caller that stops waiting earlier is not informed
     * @return completes on the caller's context; fails with an {@link java.net.UnknownHostException}, or with an {@link
     *     IllegalArgumentException} for what is no name
     */
    public Future<InetAddress> resolve(String host, Duration timeout) {
        return resolve(vertx.getOrCreateContext(), host, System.nanoTime() + timeout.toNanos());
    }

    private Future<InetAddress> resolve(ContextInternal context, String host, long untilNanos) {
        return ask(context, host)
                .recover(cause -> isUnanswered(cause) && untilNanos - System.nanoTime() > 0
                        ? resolve(context, host, untilNanos)
                        : context.failedFuture(cause));
    }

    private Future<InetAddress> ask(ContextInternal context, String host) {
        EventLoop loop = context.nettyEventLoop();
        PromiseInternal<List<InetSocketAddress>> promise = context.promise();
        try {
            refreshed()
                    .names()
                    .getResolver(loop)
                    .resolveAll(InetSocketAddress.createUnresolved(host, 0))
                    .addListener(promise);
        } catch (RuntimeException noName) {
            return context.failedFuture(noName);
        }
        return promise.future().map(Resolver::choose);
    }

    private static InetAddress choose(List<InetSocketAddress> found) {
        List<InetAddress> usable = UsableAddresses.of(
                found.stream().map(InetSocketAddress::getAddress).toList());
        return usable.get(ThreadLocalRandom.current().nextInt(usable.size()));
    }

    /** Ends the queries that are under way. */
    public void close() {
        current.names().close();
    }

    private static boolean isUnanswered(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsNameResolverTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private Current refreshed() {
        Current now = current;
        long checked = checkedAtNanos.get();
        long time = System.nanoTime();
        if (time - checked < REFRESH_INTERVAL.toNanos() || !checkedAtNanos.compareAndSet(checked, time)) {
            return now;
        }
        ResolvConf conf = file.get();
        if (conf.equals(now.conf())) {
            return now;
        }
        Current next = create(conf);
        current = next;
        vertx.timer(RETIREMENT.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(over -> now.names().close());
        return next;
    }

    private Current create(ResolvConf conf) {
        AddressResolverOptions options = new AddressResolverOptions()
                .setServers(conf.servers())
                .setSearchDomains(conf.searchDomains())
                .setNdots(conf.ndots())
                .setRotateServers(conf.rotates())
                .setQueryTimeout(QUERY_TIMEOUT.toMillis())
                // both families, and each server, for each name of the search list
                .setMaxQueries(2 * conf.servers().size())
                .setHostsRefreshPeriod(Math.toIntExact(REFRESH_INTERVAL.toMillis()))
                .setHostsRefreshPeriodUnit(TimeUnit.MILLISECONDS);
        DnsNameResolverBuilder names = DnsAddressResolverProvider.create(vertx, options)
                .getDnsNameResolverBuilder()
                // Vert.x has no option for it, and is content with the addresses of IPv4 once it has them
                .completeOncePreferredResolved(false);
        return new Current(conf, new DnsAddressResolverGroup(names));
    }
}

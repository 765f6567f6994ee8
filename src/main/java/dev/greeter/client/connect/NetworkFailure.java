package dev.greeter.client.connect;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a call to a server failed below its protocol. The exceptions' types decide, and the stage of the call; the text of a
 * message never does, because it changes with the locale and the JDK.
 *
 * @param tls of a {@link Kind#TLS} only
 * @param text a clause for a person, one line; it can hold octets from the other side, so escape it for a terminal
 */
public record NetworkFailure(Kind kind, @Nullable TlsCause tls, String text) {
    /** What happened. */
    public enum Kind {
        /** The name has no address, or no name server answered. */
        DNS,
        /** Nobody listened. */
        REFUSED,
        /** The machine has no way to that address, or may not use it. */
        UNREACHABLE,
        /** The other side, or something on the way, broke the connection off. */
        RESET,
        /** The other side closed the connection in order. */
        CLOSED,
        /** The client gave up. */
        TIMEOUT,
        /** The two sides did not agree on TLS. */
        TLS,
        /** This machine has no file descriptor, port or memory left for a connection. */
        LOCAL,
        /** Anything else. */
        OTHER
    }

    /** The stage of a call at which it failed. */
    public enum Stage {
        RESOLVING,
        CONNECTING,
        /** The TLS handshake. */
        SECURING,
        OPEN
    }

    private static final int MAX_CAUSES = 16;

    private static NetworkFailure of(Kind kind, String text) {
        return new NetworkFailure(kind, null, text);
    }

    private static NetworkFailure of(TlsCause tls, String detail) {
        return new NetworkFailure(Kind.TLS, tls, tls.text() + (detail.isEmpty() ? "" : ": " + detail));
    }

    /**
     * Classifies a failure.
     *
     * @param remote where the client connected to; null if that is not known, which leaves some failures of a connect {@link
     *     Kind#OTHER}
     */
    public static NetworkFailure of(Stage stage, Throwable failure, @Nullable InetSocketAddress remote) {
        List<Throwable> causes = causes(failure);
        for (Throwable cause : causes) {
            NetworkFailure known = anywhere(cause);
            if (known != null) {
                return known;
            }
        }
        Throwable root = causes.get(causes.size() - 1);
        return switch (stage) {
            case RESOLVING -> of(Kind.DNS, line(root));
            case CONNECTING -> connecting(causes, root, remote);
            case SECURING -> isClosed(causes) ? of(Kind.CLOSED, "closed in the TLS handshake") : open(causes, root);
            case OPEN -> open(causes, root);
        };
    }

    /** Classifies exceptions that mean the same at every stage. */
    private static @Nullable NetworkFailure anywhere(Throwable cause) {
        if (cause instanceof CertificateCheck.RejectedException rejected) {
            return of(rejected.tlsCause(), line(rejected));
        }
        if (cause instanceof TlsHandler.AlertException alert) {
            return of(alert.tlsCause(), line(alert));
        }
        if (cause instanceof NotSslRecordException) {
            return of(TlsCause.NO_TLS, "");
        }
        if (cause instanceof UnknownHostException unknown) {
            return dns(unknown);
        }
        if (cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException) {
            return of(Kind.TIMEOUT, "timed out");
        }
        // Netty could not open a socket
        return cause instanceof ChannelException
                ? of(Kind.LOCAL, "this machine has no socket left: " + line(root(cause)))
                : null;
    }

    private static NetworkFailure dns(UnknownHostException unknown) {
        for (Throwable cause : causes(unknown)) {
            if (cause instanceof DnsNameResolverTimeoutException) {
                return of(Kind.DNS, "no name server answered");
            }
            if (cause instanceof DnsErrorCauseException error) {
                return of(Kind.DNS, "unknown host (" + error.getCode() + ")");
            }
        }
        return of(Kind.DNS, "unknown host");
    }

    private static NetworkFailure connecting(
            List<Throwable> causes, Throwable root, @Nullable InetSocketAddress remote) {
        if (causes.stream().anyMatch(SSLException.class::isInstance)) {
            // Vert.x connects and secures in one step
            return open(causes, root);
        }
        if (root instanceof NoRouteToHostException) {
            return of(Kind.UNREACHABLE, "no route to host");
        }
        if (root instanceof ConnectException) {
            // the kernel's timeout has this type too, but ConnectLimit comes before it
            return of(Kind.REFUSED, "connection refused");
        }
        if (root instanceof SocketException && remote != null) {
            return byItsRoute(root, remote);
        }
        return isClosed(causes) ? of(Kind.CLOSED, "closed") : of(Kind.OTHER, line(root));
    }

    /**
     * One type stands for a route that is prohibited or missing, for ports that ran out, and for a reset that comes before the
     * client has noticed that it is connected. So a datagram socket that sends nothing asks the kernel for a route once more:
     * with one, and no subtype for a port, it is the reset.
     */
    private static NetworkFailure byItsRoute(Throwable root, InetSocketAddress remote) {
        try (DatagramChannel datagrams = DatagramChannel.open()) {
            try {
                datagrams.connect(remote);
            } catch (IOException noRoute) {
                return of(Kind.UNREACHABLE, "unreachable (" + line(root) + ")");
            }
        } catch (IOException noDescriptor) {
            return of(Kind.LOCAL, "this machine has no socket left: " + line(noDescriptor));
        }
        return root instanceof BindException
                ? of(Kind.LOCAL, "this machine has no port left: " + line(root))
                : of(Kind.RESET, "reset in the connect: " + line(root));
    }

    private static NetworkFailure open(List<Throwable> causes, Throwable root) {
        if (isClosed(causes)) {
            return of(Kind.CLOSED, "closed");
        }
        if (root instanceof IOException && !(root instanceof SSLException)) {
            return of(Kind.RESET, "connection reset");
        }
        return causes.stream().anyMatch(SSLException.class::isInstance)
                ? of(TlsCause.HANDSHAKE, line(root))
                : of(Kind.OTHER, line(root));
    }

    private static boolean isClosed(List<Throwable> causes) {
        return causes.stream()
                .anyMatch(cause -> cause instanceof ClosedChannelException || cause instanceof HttpClosedException);
    }

    /** From the outermost on; at least one. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            causes.add(cause);
            if (causes.size() == MAX_CAUSES) {
                break;
            }
        }
        return causes;
    }

    private static Throwable root(Throwable failure) {
        List<Throwable> causes = causes(failure);
        return causes.get(causes.size() - 1);
    }

    private static String line(Throwable cause) {
        String said = Objects.requireNonNullElse(cause.getMessage(), "");
        return said.lines().findFirst().orElse(cause.getClass().getSimpleName());
    }
}

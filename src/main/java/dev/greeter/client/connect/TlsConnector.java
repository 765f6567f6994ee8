package dev.greeter.client.connect;

import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Upgrades connections from plain to TLS, and reports by type why one fails. Thread-safe. */
public final class TlsConnector {
    /** A name as RFC 6066, section 3, has it, without a dot at its end. */
    private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*");

    private final ClientSSLOptions options;
    private final ClientKeys keys;
    private final Optional<String> serverName;

    /** May read the JDK's store of authorities, so make one before the calls, and use it for all. */
    public TlsConnector(ClientTls tls) {
        keys = new ClientKeys(tls.certificate());
        serverName = tls.serverName();
        options = new ClientSSLOptions()
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setHostnameVerificationAlgorithm(tls.check() == ClientTls.Check.NAME ? "HTTPS" : "");
        if (tls.check() == ClientTls.Check.NOTHING) {
            options.setTrustAll(true);
        } else {
            options.setTrustOptions(TrustOptions.wrap(
                    tls.authorities().map(CertificateCheck::of).orElseGet(CertificateCheck::ofTheJdk)));
        }
    }

    /**
     * Returns the address with the name that a certificate has to be for. A connection that {@link #secure} upgrades must have
     * been made to such an address.
     */
    public InetAddress named(String host, InetAddress address) {
        String name = withoutDot(serverName.orElse(host));
        int zone = name.indexOf('%');
        String known = zone < 0 ? name : name.substring(0, zone);
        try {
            return address instanceof Inet6Address ipv6
                    ? Inet6Address.getByAddress(known, ipv6.getAddress(), ipv6.getScopeId())
                    : InetAddress.getByAddress(known, address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has as many octets as it had", e);
        }
    }

    /**
     * Upgrades a connection in plain. The server's {@code close_notify} closes it then, as the end of its stream does in plain.
     *
     * @param host the target's
     * @param limit of the handshake
     * @return when the first of the server's certificates ends
     */
    public Future<Instant> secure(NetSocket socket, String host, Duration limit) {
        ClientSSLOptions limited = options.copy();
        limited.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS).setSslHandshakeTimeout(limit.toMillis());
        TlsHandler handler = new TlsHandler(keys);
        ChannelPipeline pipeline =
                ((NetSocketInternal) socket).channelHandlerContext().pipeline();
        // Vert.x puts the one of TLS before it
        pipeline.addFirst(handler);
        return socket.upgradeToSsl(limited, sent(serverName.orElse(host)))
                .map(secured -> handler.certificatesEnd())
                .recover(cause -> Future.failedFuture(handler.known(cause)));
    }

    /**
     * Returns the name to send in a handshake.
     *
     * @return null for an address, and for what is no host name: RFC 6066 has none for those
     */
    static @Nullable String sent(String host) {
        String name = withoutDot(host);
        boolean numeric = Character.digit(name.charAt(name.length() - 1), 10) >= 0
                && name.substring(name.lastIndexOf('.') + 1).chars().allMatch(Character::isDigit);
        return numeric || !SERVER_NAME.matcher(name).matches() ? null : name.toLowerCase(Locale.ROOT);
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}

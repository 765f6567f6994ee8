package dev.greeter.client.connect;

import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Upgrades connections from plain to TLS, and reports by type why one fails. Each handshake is a full one, as that of a new client:
 * the JDK checks no certificate when it resumes a session. Thread-safe.
 */
public final class TlsConnector {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** A name as RFC 6066, section 3, and RFC 1123, section 2.1, have it, without a dot at its end. */
    private static final Pattern SERVER_NAME = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private final ClientKeys keys;
    private final TrustManager trust;
    private final boolean checksName;
    private final Optional<String> serverName;

    /** May read the JDK's store of authorities, so make one before the calls, and use it for all. */
    public TlsConnector(ClientTls tls) {
        keys = new ClientKeys(tls.certificate());
        trust = tls.check() == ClientTls.Check.NOTHING
                ? InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0]
                : tls.authorities().map(CertificateCheck::of).orElseGet(CertificateCheck::ofTheJdk);
        checksName = tls.check() == ClientTls.Check.NAME;
        serverName = tls.serverName();
    }

    /**
     * Upgrades a connection in plain. The server's {@code close_notify} closes it then, as the end of its stream does in plain. Call this on
     * the connection's context, which the future completes on.
     *
     * @param host the target's
     * @param limit of the handshake
     * @return when the first of the server's certificates ends
     */
    public Future<Instant> secure(NetSocket socket, String host, Duration limit) {
        SSLEngine engine =
                engine(serverName.orElse(host), socket.remoteAddress().port());
        SslHandler tls = new SslHandler(engine);
        tls.setHandshakeTimeoutMillis(limit.toMillis());
        TlsHandler handler = new TlsHandler(keys, engine);
        Promise<Instant> secured =
                Objects.requireNonNull(ContextInternal.current()).promise();
        tls.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                secured.complete(handler.certificatesEnd());
            } else {
                secured.fail(handler.failure(done.cause()));
            }
        });
        ((NetSocketInternal) socket).channelHandlerContext().pipeline().addFirst(tls, handler);
        return secured.future();
    }

    private SSLEngine engine(String host, int port) {
        SSLEngine engine = context().createSSLEngine(checked(host), port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        String sent = sent(host);
        parameters.setServerNames(sent == null ? List.of() : List.of(new SNIHostName(sent)));
        if (checksName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** A new one has no session to resume. */
    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Returns the name, or the address without its zone, that a certificate has to be for. */
    private static String checked(String host) {
        String name = withoutDot(host);
        int zone = name.indexOf('%');
        return zone < 0 ? name : name.substring(0, zone);
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

package dev.greeter.client.connect;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the handler of TLS of one connection. Gives a type to the server's alerts, which over TLS 1.3 come after the
 * handshake if they are about the client's certificate (RFC 8446, section 4.4.2.4). Used by the connection's event loop.
 */
final class TlsHandler extends ChannelInboundHandlerAdapter {
    /** The JDK has no type for a received alert, but writes its name as RFC 8446, section 6, has it. */
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w{1,40})");

    /** The server ended the connection by an alert. */
    static final class AlertException extends SSLException {
        private static final long serialVersionUID = 1L;

        private final TlsCause tlsCause;

        AlertException(TlsCause tlsCause, String text, Throwable cause) {
            super(text, cause);
            this.tlsCause = tlsCause;
        }

        TlsCause tlsCause() {
            return tlsCause;
        }
    }

    private final ClientKeys keys;
    private final SSLEngine engine;
    private boolean heard;
    private @Nullable Throwable broken;

    TlsHandler(ClientKeys keys, SSLEngine engine) {
        this.keys = keys;
        this.engine = engine;
    }

    /** When the first of the server's certificates ends; one that signs itself ends nothing but itself. */
    Instant certificatesEnd() {
        Instant end = Instant.MAX;
        try {
            Certificate[] chain = engine.getSession().getPeerCertificates();
            for (Certificate certificate : chain) {
                X509Certificate x509 = (X509Certificate) certificate;
                boolean signsItself = x509.getIssuerX500Principal().equals(x509.getSubjectX500Principal());
                Instant notAfter = x509.getNotAfter().toInstant();
                if (notAfter.isBefore(end) && (!signsItself || certificate.equals(chain[0]))) {
                    end = notAfter;
                }
            }
        } catch (SSLPeerUnverifiedException anonymous) {
            // it has none
        }
        return end;
    }

    /**
     * Why the handshake failed, by type if it is the server's alert. A connection that broke fails it by the close that follows, so
     * what broke it comes first.
     */
    Throwable failure(Throwable handshake) {
        return broken == null ? known(handshake) : broken;
    }

    private Throwable known(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException && cause.getMessage() != null) {
                Matcher alert = ALERT.matcher(cause.getMessage());
                if (alert.find()) {
                    return refused(alert.group(1), failure);
                }
            }
        }
        return failure;
    }

    private AlertException refused(String alert, Throwable failure) {
        TlsCause cause = cause(alert);
        String text = "alert " + alert;
        if (keys.wasAsked(engine)) {
            if (cause == TlsCause.HANDSHAKE && !heard) {
                cause = TlsCause.CLIENT_CERTIFICATE;
            }
            if (cause == TlsCause.CLIENT_CERTIFICATE && !keys.gave(engine)) {
                text = "none given, " + text;
            }
        }
        return new AlertException(cause, text, failure);
    }

    private static TlsCause cause(String alert) {
        return switch (alert) {
            case "protocol_version" -> TlsCause.VERSION;
            case "unrecognized_name" -> TlsCause.UNKNOWN_NAME;
            case "certificate_required",
                    "bad_certificate",
                    "unsupported_certificate",
                    "certificate_revoked",
                    "certificate_expired",
                    "certificate_unknown",
                    "unknown_ca",
                    "access_denied" -> TlsCause.CLIENT_CERTIFICATE;
            default -> TlsCause.HANDSHAKE;
        };
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object octets) {
        heard = true;
        here.fireChannelRead(octets);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) {
        here.fireUserEventTriggered(event);
        if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
            var unused = here.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
        Throwable known = known(cause);
        if (broken == null) {
            broken = known;
        }
        here.fireExceptionCaught(known);
    }
}

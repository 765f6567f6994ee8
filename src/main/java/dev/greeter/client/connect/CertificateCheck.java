package dev.greeter.client.connect;

import dev.greeter.config.pem.Authorities;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks a server's certificate as the JDK does (RFC 5280, and RFC 9525 for its name), and reports by type which check failed:
 * the JDK's own exceptions for an unknown authority and for another name differ in their text only. Thread-safe.
 */
public final class CertificateCheck extends X509ExtendedTrustManager {
    private static final int MAX_SHOWN_NAMES = 3;

    /** A certificate was not accepted; {@link #tlsCause} is the check that it failed. */
    static final class RejectedException extends CertificateException {
        private static final long serialVersionUID = 1L;

        private final TlsCause tlsCause;

        RejectedException(TlsCause tlsCause, String text, @Nullable Throwable cause) {
            super(text, cause);
            this.tlsCause = tlsCause;
        }

        TlsCause tlsCause() {
            return tlsCause;
        }
    }

    private final X509ExtendedTrustManager authorities;

    private CertificateCheck(X509ExtendedTrustManager authorities) {
        this.authorities = authorities;
    }

    /** Trusts the authorities that the JDK knows. Reads its store of them, so it takes some milliseconds. */
    public static CertificateCheck ofTheJdk() {
        return new CertificateCheck(Authorities.ofTheJdk());
    }

    /** Trusts these authorities only. */
    public static CertificateCheck of(Collection<X509Certificate> authorities) {
        return new CertificateCheck(Authorities.of(authorities));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            authorities.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException refused) {
            throw rejected(chain, authType, engine.getPeerHost(), refused);
        }
    }

    private RejectedException rejected(
            X509Certificate[] chain, String authType, String host, CertificateException refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            TlsCause known = known(cause);
            if (known != null) {
                return new RejectedException(known, detail(known, wrongOne(cause, chain), chain[0]), refused);
            }
        }
        if (isTrusted(chain, authType)) {
            return new RejectedException(TlsCause.OTHER_NAME, names(chain[0], host), refused);
        }
        if (isSigned(chain)) {
            // such as a certificate that is for clients only
            return new RejectedException(
                    TlsCause.CERTIFICATE, Objects.requireNonNullElse(refused.getMessage(), "its use"), refused);
        }
        return new RejectedException(
                TlsCause.UNTRUSTED,
                "its issuer is "
                        + chain[chain.length - 1].getIssuerX500Principal().getName(),
                refused);
    }

    private static @Nullable TlsCause known(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return TlsCause.EXPIRED;
        }
        if (cause instanceof CertificateNotYetValidException) {
            return TlsCause.NOT_YET_VALID;
        }
        if (cause instanceof CertPathValidatorException invalid
                && invalid.getReason() != BasicReason.UNSPECIFIED
                && invalid.getReason() != BasicReason.INVALID_SIGNATURE) {
            return invalid.getReason() == BasicReason.EXPIRED
                    ? TlsCause.EXPIRED
                    : invalid.getReason() == BasicReason.NOT_YET_VALID ? TlsCause.NOT_YET_VALID : TlsCause.CERTIFICATE;
        }
        return null;
    }

    /** The certificate that a check failed for: the server's own, or that of an authority between. */
    private static X509Certificate wrongOne(Throwable cause, X509Certificate[] chain) {
        return cause instanceof CertPathValidatorException invalid
                        && invalid.getIndex() >= 0
                        && invalid.getCertPath().getCertificates().get(invalid.getIndex())
                                instanceof X509Certificate wrong
                ? wrong
                : chain[0];
    }

    private static String detail(TlsCause cause, X509Certificate wrong, X509Certificate servers) {
        String whose = "that of " + wrong.getSubjectX500Principal().getName();
        // a long name may be cut, so it comes last
        String suffix = wrong.equals(servers) ? "" : ", " + whose;
        return switch (cause) {
            case EXPIRED -> expired(wrong) + suffix;
            case NOT_YET_VALID -> notYetValid(wrong) + suffix;
            default -> whose;
        };
    }

    private static String expired(X509Certificate certificate) {
        return "it expired at " + certificate.getNotAfter().toInstant();
    }

    private static String notYetValid(X509Certificate certificate) {
        return "it is valid from " + certificate.getNotBefore().toInstant();
    }

    /** Whether only the name is wrong. */
    private boolean isTrusted(X509Certificate[] chain, String authType) {
        try {
            authorities.checkServerTrusted(chain, authType);
            return true;
        } catch (CertificateException untrusted) {
            return false;
        }
    }

    /** Whether a path leads to an authority, whatever the certificate may be used for. */
    private boolean isSigned(X509Certificate[] chain) {
        Set<TrustAnchor> anchors = Arrays.stream(getAcceptedIssuers())
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        X509CertSelector server = new X509CertSelector();
        server.setCertificate(chain[0]);
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, server);
            parameters.setRevocationEnabled(false);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(chain))));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (GeneralSecurityException unsigned) {
            return false;
        }
    }

    private static String names(X509Certificate certificate, String host) {
        // RFC 1123, section 2.1, which others do not insist on
        return host.contains("_")
                ? "Java accepts none for " + host + ", because no host name has a _"
                : "it is for " + names(certificate);
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null && !names.isEmpty()) {
                return names.stream()
                                .limit(MAX_SHOWN_NAMES)
                                .map(name -> String.valueOf(name.get(1)))
                                .collect(Collectors.joining(", "))
                        + (names.size() > MAX_SHOWN_NAMES ? ", ..." : "");
            }
        } catch (CertificateParsingException none) {
            // its subject is shown instead
        }
        return certificate.getSubjectX500Principal().getName();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        authorities.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}

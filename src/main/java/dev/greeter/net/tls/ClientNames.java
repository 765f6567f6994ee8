package dev.greeter.net.tls;

import dev.greeter.config.pem.Authorities;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets in the clients whose certificates are valid now, and an authority has signed and, if there are names, has given one of
 * these. Any other gets a TLS alert.
 */
final class ClientNames extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authorities;
    private final CertificateNames names;

    /** @param names empty lets in all whose certificates an authority has signed */
    ClientNames(List<X509Certificate> trust, List<String> names) {
        this.authorities = Authorities.of(trust);
        this.names = new CertificateNames(names);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType, SSLEngine engine)
            throws CertificateException {
        authorities.checkClientTrusted(chain, keyType, engine);
        check(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType, Socket socket) throws CertificateException {
        authorities.checkClientTrusted(chain, keyType, socket);
        check(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType) throws CertificateException {
        authorities.checkClientTrusted(chain, keyType);
        check(chain[0]);
    }

    private void check(X509Certificate client) throws CertificateException {
        if (!names.isEmpty() && !names.include(client)) {
            throw new CertificateException("none of the certificate's DNS names and URIs is let in");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("for clients only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType, Socket socket) throws CertificateException {
        throw new CertificateException("for clients only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType) throws CertificateException {
        throw new CertificateException("for clients only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}

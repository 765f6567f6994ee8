package dev.greeter.config.pem;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's checks of certificates (RFC 5280), and of the dates of those that are trusted themselves. */
public final class Authorities {
    private Authorities() {}

    /** Trusts the certificates that one of these has signed, and these themselves. */
    public static X509ExtendedTrustManager of(Collection<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("authority " + store.size(), authority);
            }
            return of(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory failed", e);
        }
    }

    /** Trusts the authorities that the JDK knows. Reads its store of them, so it takes some milliseconds. */
    public static X509ExtendedTrustManager ofTheJdk() {
        try {
            return of((KeyStore) null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK's trusted authorities cannot be read", e);
        }
    }

    private static X509ExtendedTrustManager of(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .map(Dated::new)
                .findFirst()
                .orElseThrow();
    }

    /** The JDK takes a certificate that is itself one of the authorities without a look at its dates. */
    private static final class Dated extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager jdk;

        Dated(X509ExtendedTrustManager jdk) {
            this.jdk = jdk;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            jdk.checkClientTrusted(chain, type, engine);
            chain[0].checkValidity();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            jdk.checkClientTrusted(chain, type, socket);
            chain[0].checkValidity();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            jdk.checkClientTrusted(chain, type);
            chain[0].checkValidity();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            jdk.checkServerTrusted(chain, type, engine);
            chain[0].checkValidity();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            jdk.checkServerTrusted(chain, type, socket);
            chain[0].checkValidity();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            jdk.checkServerTrusted(chain, type);
            chain[0].checkValidity();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return jdk.getAcceptedIssuers();
        }
    }
}

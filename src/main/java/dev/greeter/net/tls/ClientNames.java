package dev.greeter.net.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets in the clients whose certificates an authority has signed and, if there are names, has given one of these as a subject
 * alternative name: a DNS name, in any case and without wildcards, or a URI, octet by octet. Any other gets a TLS alert.
 */
final class ClientNames extends X509ExtendedTrustManager {
    /** The kinds of names in {@link X509Certificate#getSubjectAlternativeNames}. */
    private static final int DNS = 2;

    private static final int URI = 6;

    private final X509ExtendedTrustManager authorities;
    private final Set<String> names;

    private ClientNames(X509ExtendedTrustManager authorities, Set<String> names) {
        this.authorities = authorities;
        this.names = names;
    }

    /** @param names empty lets in all whose certificates an authority has signed */
    static ClientNames of(List<X509Certificate> trust, List<String> names) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("an empty store needs no file", e);
        }
        for (X509Certificate authority : trust) {
            store.setCertificateEntry("authority " + store.size(), authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        X509ExtendedTrustManager manager = Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
        return new ClientNames(
                manager, names.stream().map(ClientNames::canonical).collect(Collectors.toSet()));
    }

    /** A URI has a colon, and a DNS name has none. */
    private static String canonical(String name) {
        return name.contains(":") ? name : name.toLowerCase(Locale.ROOT);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType, SSLEngine engine)
            throws CertificateException {
        authorities.checkClientTrusted(chain, keyType, engine);
        checkNames(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType, Socket socket) throws CertificateException {
        authorities.checkClientTrusted(chain, keyType, socket);
        checkNames(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType) throws CertificateException {
        authorities.checkClientTrusted(chain, keyType);
        checkNames(chain[0]);
    }

    private void checkNames(X509Certificate client) throws CertificateException {
        if (!names.isEmpty() && namesOf(client).noneMatch(names::contains)) {
            throw new CertificateException("none of the certificate's DNS names and URIs is let in");
        }
    }

    private static Stream<String> namesOf(X509Certificate client) throws CertificateException {
        @Nullable Collection<List<?>> alternatives = client.getSubjectAlternativeNames();
        return alternatives == null
                ? Stream.empty()
                : alternatives.stream()
                        .filter(name -> name.get(0).equals(DNS) || name.get(0).equals(URI))
                        .map(name -> name.get(0).equals(DNS)
                                ? String.valueOf(name.get(1)).toLowerCase(Locale.ROOT)
                                : String.valueOf(name.get(1)));
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

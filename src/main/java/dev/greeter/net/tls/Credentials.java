package dev.greeter.net.tls;

import dev.greeter.config.ConfigException;
import dev.greeter.config.Tls;
import dev.greeter.config.pem.PemFile;
import dev.greeter.text.Printable;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a port shows its clients and asks of them, read from files that fit together.
 *
 * @param chain the port's certificate, and the intermediate ones behind it
 * @param trust the authorities of clients' certificates; empty asks for none
 */
record Credentials(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> trust) {
    private static final int MIN_RSA_BITS = 2_048;

    private static final String ALLOWED_CERTIFICATE = "a certificate that is valid now";

    /**
     * The files of one port at one moment.
     *
     * @param trust null for none
     */
    record Files(
            ConfiguredFile certificate,
            ConfiguredFile key,
            @Nullable ConfiguredFile trust) {
        /** @param section such as {@code greeting.tls} */
        static Files read(String section, Tls config) {
            return new Files(
                    ConfiguredFile.read(section + ".certificate", config.certificate()),
                    ConfiguredFile.read(section + ".key", config.key()),
                    config.trust().isEmpty() ? null : ConfiguredFile.read(section + ".trust", config.trust()));
        }

        /** @throws ConfigException if a file cannot be used, or if they do not fit together */
        Credentials credentials() throws ConfigException {
            List<X509Certificate> chain = certificate.chain();
            PublicKey owner = chain.get(0).getPublicKey();
            if (owner instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                throw certificate.refused(
                        "its RSA key has " + rsa.getModulus().bitLength() + " bits",
                        "a key of EC, or of RSA with at least " + MIN_RSA_BITS + " bits");
            }
            PrivateKey privateKey = key.privateKey();
            if (!PemFile.fits(privateKey, owner)) {
                throw key.refused(
                        "it does not fit the certificate " + certificate.path(), "the key of that certificate");
            }
            return new Credentials(privateKey, chain, trust == null ? List.of() : trust.authorities());
        }

        /** Checks the certificates that have a certain time, which {@link #credentials} ignores. */
        void checkValidity(Credentials credentials, Instant now) throws ConfigException {
            List<X509Certificate> chain = credentials.chain();
            for (int i = 0; i < chain.size(); i++) {
                String which = "its certificate " + (i + 1) + " (" + subject(chain.get(i)) + ")";
                Instant begin = chain.get(i).getNotBefore().toInstant();
                Instant end = chain.get(i).getNotAfter().toInstant();
                if (begin.isAfter(now)) {
                    throw certificate.refused(
                            which + " is not valid before " + begin + ", and now is " + now, ALLOWED_CERTIFICATE);
                }
                if (end.isBefore(now)) {
                    throw certificate.refused(which + " expired at " + end, ALLOWED_CERTIFICATE);
                }
            }
            if (trust != null) {
                checkTrust(trust, credentials.trust(), now);
            }
        }

        private static void checkTrust(ConfiguredFile trust, List<X509Certificate> authorities, Instant now)
                throws ConfigException {
            X509Certificate last = Collections.max(authorities, Comparator.comparing(X509Certificate::getNotAfter));
            Instant end = last.getNotAfter().toInstant();
            if (end.isBefore(now)) {
                throw trust.refused(
                        "all of its certificates expired, the last (" + subject(last) + ") at " + end,
                        "an authority that is valid now");
            }
        }

        private static String subject(X509Certificate of) {
            return Printable.excerpt(of.getSubjectX500Principal().getName());
        }
    }

    /** When the last certificate of the chain becomes valid. */
    Instant begins() {
        return chain.stream()
                .map(certificate -> certificate.getNotBefore().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** When the first certificate of the chain expires. */
    Instant ends() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}

package dev.greeter.net.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Names of clients, by which their certificates are recognized: each is a subject alternative name, either a DNS name, in any
 * case and without wildcards, or a URI, octet by octet.
 */
public final class CertificateNames {
    /** The kinds of names in {@link X509Certificate#getSubjectAlternativeNames}. */
    private static final int DNS = 2;

    private static final int URI = 6;

    private final Set<String> names;

    /** @param names a URI has a colon, and a DNS name has none */
    public CertificateNames(List<String> names) {
        this.names = names.stream()
                .map(name -> name.contains(":") ? name : name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    /**
     * Returns whether the certificate has one of these names.
     *
     * @throws CertificateParsingException if its names are malformed
     */
    public boolean include(X509Certificate certificate) throws CertificateParsingException {
        @Nullable Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        return alternatives != null && alternatives.stream().anyMatch(this::includes);
    }

    /** @param alternative its kind, and the name; a DNS name has no colon, so that no other kind can pass for a URI */
    private boolean includes(List<?> alternative) {
        String name = String.valueOf(alternative.get(1));
        boolean isUri = name.contains(":");
        return switch ((int) alternative.get(0)) {
            case DNS -> !isUri && names.contains(name.toLowerCase(Locale.ROOT));
            case URI -> isUri && names.contains(name);
            default -> false;
        };
    }
}

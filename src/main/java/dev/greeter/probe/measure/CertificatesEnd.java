package dev.greeter.probe.measure;

import java.time.Instant;

/**
 * When the first certificate ends of those that a server showed.
 *
 * @param seenNanos when the handshake was, by the monotonic clock
 */
public record CertificatesEnd(Instant end, long seenNanos) {
    /** The one that was seen last: a server's certificates are renewed while old connections stay open. */
    public static CertificatesEnd newest(CertificatesEnd one, CertificatesEnd other) {
        return one.seenNanos - other.seenNanos > 0 ? one : other;
    }
}

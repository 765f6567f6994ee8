package dev.greeter.cluster;

import java.security.Security;

/** The JVM's cache of addresses by name. */
public final class DnsCache {
    private DnsCache() {}

    /**
     * Turns the cache off, because nodes come and go: the JVM keeps an address for 30 s, and the lack of one for 10 s. It
     * reads these settings at its first look-up and never again, so this must be called before anything else.
     */
    public static void disable() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        // since Java 21: how long an old address is used while there is no new one
        Security.setProperty("networkaddress.cache.stale.ttl", "0");
    }
}

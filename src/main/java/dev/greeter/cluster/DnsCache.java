package dev.greeter.cluster;

import java.security.Security;

/** How the JVM looks up names. */
public final class DnsCache {
    private DnsCache() {}

    /**
     * From now on every look-up asks anew. The JVM would keep an address for 30 s and the lack of one for 10 s, while nodes
     * come and go. It reads these settings at its first look-up and never again, so this goes before anything else.
     */
    public static void disable() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        // since Java 21: how long an old address serves while there is no new one
        Security.setProperty("networkaddress.cache.stale.ttl", "0");
    }
}

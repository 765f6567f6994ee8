package dev.greeter.config;

/** How much is shown of clients' addresses. */
public enum PeerDetail {
    /** The address and the port. */
    FULL,
    /** The network: the first 24 bits of an IPv4 address, 48 of an IPv6 address. */
    MASKED,
    NONE
}

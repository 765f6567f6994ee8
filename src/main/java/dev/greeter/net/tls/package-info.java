/**
 * TLS of the servers' ports: certificates from files that are read again when they change, and the handshake and the end of each
 * connection. May import {@code config}, {@code config.pem} and {@code text}.
 */
@NullMarked
package dev.greeter.net.tls;

import org.jspecify.annotations.NullMarked;

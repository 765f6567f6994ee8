/**
 * Connections to a server: its name, its addresses, its certificate, and why there is none. May import the JDK, Vert.x,
 * Netty's channels, resolver and TLS, and of Greeter {@code config.value} and {@code config.pem}.
 */
@NullMarked
package dev.greeter.client.connect;

import org.jspecify.annotations.NullMarked;

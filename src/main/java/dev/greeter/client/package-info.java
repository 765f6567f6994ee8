/**
 * Calls to any server, for the commands and the probe: targets, names, certificates, and why a call failed. May import the
 * JDK, Vert.x, Netty's channels, codecs, resolver and TLS, and of Greeter {@code config}.
 */
@NullMarked
package dev.greeter.client;

import org.jspecify.annotations.NullMarked;

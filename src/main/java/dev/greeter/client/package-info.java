/**
 * Calls to any server, for the commands and the probe: GET requests, greetings, queries over the event bus, and why a call
 * failed. May import the JDK, Vert.x, Netty's buffers, channels and codecs, and of Greeter {@code protocol}, {@code bus},
 * {@code json}, {@code config}, {@code config.value}, {@code client.connect} and {@code text}.
 */
@NullMarked
package dev.greeter.client;

import org.jspecify.annotations.NullMarked;

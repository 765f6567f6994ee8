/**
 * Requests, replies and their codec, as {@code src/docs/protocol.md} specifies them. May import the
 * JDK and Netty's buffers only.
 */
@NullMarked
package dev.greeter.protocol;

import org.jspecify.annotations.NullMarked;

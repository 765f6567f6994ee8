/**
 * Makes exchanges on a schedule that waits for no answer, in each mode. May import the JDK, Vert.x, Netty's buffers, channels and
 * HTTP codec, and of Greeter {@code protocol}, {@code config.value}, {@code client}, {@code client.connect} and {@code
 * probe.measure}.
 */
@NullMarked
package dev.greeter.probe.load;

import org.jspecify.annotations.NullMarked;

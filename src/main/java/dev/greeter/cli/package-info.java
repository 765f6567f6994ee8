/**
 * The commands and the clients behind them. May import the JDK, Vert.x, Netty's buffers and channels, picocli, and of
 * Greeter {@code protocol}, {@code bus}, {@code config}, {@code client} and {@code probe}.
 */
@NullMarked
package dev.greeter.cli;

import org.jspecify.annotations.NullMarked;

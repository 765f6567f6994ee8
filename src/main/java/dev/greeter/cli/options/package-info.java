/**
 * What commands share: options, types of arguments, and the terminal. May import the JDK, Vert.x, picocli, and of Greeter
 * {@code config.value}, {@code config.pem}, {@code client} and {@code client.connect}.
 */
@NullMarked
package dev.greeter.cli.options;

import org.jspecify.annotations.NullMarked;

/**
 * What commands share: options, types of arguments, and the terminal. May import the JDK, Vert.x, picocli, and of Greeter {@code
 * config} and {@code client}.
 */
@NullMarked
package dev.greeter.cli.options;

import org.jspecify.annotations.NullMarked;

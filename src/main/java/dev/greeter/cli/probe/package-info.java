/**
 * The command {@code probe}: its options, its progress, its report's files. May import the JDK, Vert.x, picocli, progressbar, and
 * of Greeter {@code bus}, {@code config.value}, {@code client}, {@code client.connect}, {@code probe},
 * {@code probe.load}, {@code probe.measure}, {@code probe.report} and {@code cli.options}.
 */
@NullMarked
package dev.greeter.cli.probe;

import org.jspecify.annotations.NullMarked;

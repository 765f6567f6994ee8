/**
 * The command line and its commands, each of which calls what does its work. May import the JDK, Vert.x, picocli, and of Greeter
 * {@code protocol}, {@code bus}, {@code config}, {@code config.value}, {@code config.pem}, {@code client}, {@code client.connect}, {@code
 * probe.measure}, {@code probe.report}, {@code cli.options} and {@code cli.probe}.
 */
@NullMarked
package dev.greeter.cli;

import org.jspecify.annotations.NullMarked;

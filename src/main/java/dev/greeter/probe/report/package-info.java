/**
 * A report as text, JSON, JUnit XML and HTML. May import the JDK, Vert.x's JSON, and of Greeter {@code bus}, {@code client},
 * {@code probe}, {@code probe.load} and {@code probe.measure}.
 */
@NullMarked
package dev.greeter.probe.report;

import org.jspecify.annotations.NullMarked;

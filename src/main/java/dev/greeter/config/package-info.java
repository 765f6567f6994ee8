/**
 * The configuration: records, keys, validation, loading and live changes. May import the JDK, the YAML parser and the SLF4J
 * API, and of Greeter {@code config.value} and {@code text}.
 */
@NullMarked
package dev.greeter.config;

import org.jspecify.annotations.NullMarked;

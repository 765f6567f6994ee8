/**
 * What an operator may set: records, defaults, validation and loading. May import the JDK, the YAML parser and the SLF4J
 * API, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.config;

import org.jspecify.annotations.NullMarked;

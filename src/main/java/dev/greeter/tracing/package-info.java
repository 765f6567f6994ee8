/**
 * Spans for OpenTelemetry, where the environment asks for them. May import {@code bus}, {@code config.value}, Vert.x and the
 * OpenTelemetry SDK, which no other package imports.
 */
@NullMarked
package dev.greeter.tracing;

import org.jspecify.annotations.NullMarked;

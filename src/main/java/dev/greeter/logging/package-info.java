/**
 * The service's log: text or JSON lines, queued so that no thread waits for them. May import {@code config},
 * {@code text}, SLF4J and Logback only.
 */
@NullMarked
package dev.greeter.logging;

import org.jspecify.annotations.NullMarked;

/**
 * Faults that a server injects into its own exchanges on demand, so that a probe or an alert can be tested. May import
 * the JDK and SLF4J, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.faults;

import org.jspecify.annotations.NullMarked;

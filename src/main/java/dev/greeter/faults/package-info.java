/**
 * Faults that a server injects into its own exchanges on demand, so that whoever watches it can be tried out. May import
 * the JDK and SLF4J, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.faults;

import org.jspecify.annotations.NullMarked;

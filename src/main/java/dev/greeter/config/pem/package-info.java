/**
 * Certificates and keys in PEM files, and the check of certificates. May import the JDK, and of Greeter {@code config.value}.
 */
@NullMarked
package dev.greeter.config.pem;

import org.jspecify.annotations.NullMarked;

/** Certificates and keys in PEM files, and the check of certificates. May import the JDK. */
@NullMarked
package dev.greeter.config.pem;

import org.jspecify.annotations.NullMarked;

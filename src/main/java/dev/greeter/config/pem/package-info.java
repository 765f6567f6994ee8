/** Certificates and keys in PEM files, of the service and of its clients. May import the JDK. */
@NullMarked
package dev.greeter.config.pem;

import org.jspecify.annotations.NullMarked;

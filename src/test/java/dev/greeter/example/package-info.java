/** Programs of others that use Greeter: examples to copy, which tests run. May import nothing of Greeter. */
@NullMarked
package dev.greeter.example;

import org.jspecify.annotations.NullMarked;

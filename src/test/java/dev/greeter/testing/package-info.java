/** Support that tests of several packages share: processes, load, the machine. May import what the product makes public. */
@NullMarked
package dev.greeter.testing;

import org.jspecify.annotations.NullMarked;

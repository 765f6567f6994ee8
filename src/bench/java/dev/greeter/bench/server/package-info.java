/** Servers to compare Greeter with, each a process of its own. They use the packaged jar's Vert.x, Greeter's own servers, or the JDK only. */
@NullMarked
package dev.greeter.bench.server;

import org.jspecify.annotations.NullMarked;

/** Measures the cost of a cluster without load. Uses the service's own classes in one process. */
@NullMarked
package dev.greeter.bench.cluster;

import org.jspecify.annotations.NullMarked;

/**
 * Micro-benchmarks by JMH: what the codec, the ledger and the merge of a cluster's counts take alone. Uses the public API of
 * their packages. After {@code mvn test-compile}:
 *
 * <pre>mvn -q exec:exec@micro</pre>
 */
@NullMarked
package dev.greeter.bench.micro;

import org.jspecify.annotations.NullMarked;

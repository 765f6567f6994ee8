/**
 * Logs and counts exchanges and answers for them: a verticle, and plain counting without Vert.x beside it. May import
 * {@code bus} and {@code config}, {@code config.value}.
 */
@NullMarked
package dev.greeter.ledger;

import org.jspecify.annotations.NullMarked;

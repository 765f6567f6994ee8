/**
 * Coverage-guided fuzzing: the inputs that are kept for each target, and runs of Jazzer. A target is a class whose name ends in
 * {@code Fuzz}, beside the code that it calls. May import all targets.
 */
@NullMarked
package dev.greeter.fuzz;

import org.jspecify.annotations.NullMarked;

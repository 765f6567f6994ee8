package dev.greeter.probe;

import java.time.Duration;
import java.util.Optional;

/**
 * What a run must keep to.
 *
 * @param maxLost losses of all rows together
 * @param maxP99 of every row
 */
public record Limits(long maxLost, Optional<Duration> maxP99) {}

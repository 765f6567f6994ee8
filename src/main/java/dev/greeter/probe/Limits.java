package dev.greeter.probe;

import java.time.Duration;
import java.util.Optional;

/**
 * What a run must keep to.
 *
 * @param maxLost losses of all scenarios together
 * @param maxP99 the latency of every scenario
 */
public record Limits(long maxLost, Optional<Duration> maxP99) {}

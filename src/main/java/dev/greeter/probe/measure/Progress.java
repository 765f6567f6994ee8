package dev.greeter.probe.measure;

/**
 * How far a scenario is.
 *
 * @param answeredNow answered since the last time this was asked
 * @param p99Now of those, in microseconds; 0 if there are none
 */
public record Progress(long sent, long answered, long lost, long answeredNow, long p99Now) {}

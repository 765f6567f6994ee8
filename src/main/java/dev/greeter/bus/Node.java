package dev.greeter.bus;

import java.time.Instant;

/**
 * One process of the service.
 *
 * @param name as {@code Who}, {@code x-greeter-node}, logs and stats say it
 * @param host the machine or pod that it runs on
 * @param version the build's
 */
public record Node(String name, String host, String version, Instant startedAt) {}

package dev.greeter.bus;

import java.time.Instant;

/**
 * One process of the service.
 *
 * @param name the name in answers to {@code Who}, in {@code x-greeter-node}, logs and stats
 * @param host the name of the machine or pod
 * @param version the version of the build
 */
public record Node(String name, String host, String version, Instant startedAt) {}

/**
 * Makes a process one node of a cluster: how members find each other, their addresses and ports, and the event bus between
 * them. The only package that uses the cluster manager. May import {@code config}, {@code config.pem} and {@code
 * config.value}.
 */
@NullMarked
package dev.greeter.cluster;

import org.jspecify.annotations.NullMarked;

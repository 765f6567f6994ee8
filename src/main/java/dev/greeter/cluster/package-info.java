/**
 * Makes a process one node of a cluster: how members find each other, their addresses and ports, and the event bus between
 * them. May import {@code config}, and is the only one that knows the cluster manager.
 */
@NullMarked
package dev.greeter.cluster;

import org.jspecify.annotations.NullMarked;

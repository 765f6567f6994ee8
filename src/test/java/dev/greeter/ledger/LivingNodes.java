package dev.greeter.ledger;

import dev.greeter.bus.RetiredTallies;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The nodes of a cluster that live, and what is known to any of them, or to the maps of their side, of all runs ever. */
final class LivingNodes {
    private final List<SteppedNode> nodes = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();

    void add(SteppedNode node) {
        nodes.add(node);
        keys.add(node.key());
    }

    void remove(SteppedNode node) {
        nodes.remove(node);
    }

    /** Returns them as they are now, in the order in which they started. */
    List<SteppedNode> now() {
        return List.copyOf(nodes);
    }

    Stream<SteppedNode> othersOnTheSideOf(SteppedNode node) {
        return nodes.stream().filter(other -> other != node && other.side == node.side);
    }

    /** Returns the highest version of this node's tally that anybody else knows. */
    long knownToOthers(SteppedNode node) {
        return nodes.stream()
                .filter(other -> other != node)
                .mapToLong(other -> other.cluster.known(node.key()))
                .reduce(node.side.known(node.key()), Math::max);
    }

    /** Whether all that one side of the cluster held is known on a side. */
    boolean knowAll(Side before, Side side) {
        return isBaseKnown(before.retired(), side)
                && keys.stream().allMatch(key -> isKnown(key, before.known(key), side));
    }

    /** Whether others stay on its side, and know of other runs all that this node knows. */
    boolean canSpare(SteppedNode node) {
        return keys.stream().filter(key -> !key.equals(node.key())).allMatch(key -> isKnownWithout(node, key))
                && isBaseKnown(node.cluster.retired(), node.side, node)
                && othersOnTheSideOf(node).anyMatch(other -> !other.isLeaving());
    }

    /** Whether what this node knows of a run is known on its side to others too. */
    boolean isKnownWithout(SteppedNode node, String key) {
        return isKnown(key, node.cluster.known(key), node.side, node);
    }

    private boolean isBaseKnown(RetiredTallies retired, Side side, SteppedNode... but) {
        return !side.retired().since().isBefore(retired.since())
                || on(side, but)
                        .anyMatch(node -> !node.cluster.retired().since().isBefore(retired.since()));
    }

    private boolean isKnown(String key, long version, Side side, SteppedNode... but) {
        return side.known(key) >= version || on(side, but).anyMatch(node -> node.cluster.known(key) >= version);
    }

    private Stream<SteppedNode> on(Side side, SteppedNode... but) {
        return nodes.stream().filter(node -> node.side == side && !List.of(but).contains(node));
    }
}

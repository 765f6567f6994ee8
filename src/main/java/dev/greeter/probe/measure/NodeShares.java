package dev.greeter.probe.measure;

import dev.greeter.client.TerminalText;
import dev.greeter.probe.measure.ScenarioResult.NodeShare;
import dev.greeter.probe.measure.ScenarioResult.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which nodes answered, and when: a node that is silent for longer than a gap and comes back has another span. Times are
 * nanoseconds since the start.
 */
final class NodeShares {
    /** Of nodes, and of a node's spans; more are counted with the last one. */
    private static final int MAX_LISTED = 256;

    private static final String OTHERS = "(others)";

    private final class Share {
        final List<Span> over = new ArrayList<>();
        long first;
        long last;
        long answered;
        long answeredBefore;

        Share(long at) {
            first = at;
            last = at;
        }

        Span span() {
            return new Span(startedAt.plusNanos(first), startedAt.plusNanos(last), answered);
        }

        long total() {
            return answeredBefore + answered;
        }
    }

    private final Instant startedAt;
    private final long gapNanos;
    private final Map<String, Share> byName = new LinkedHashMap<>();

    NodeShares(Instant startedAt, long gapNanos) {
        this.startedAt = startedAt;
        this.gapNanos = gapNanos;
    }

    /** @param said cut if it is longer than any name of a node */
    void answered(String said, long at) {
        String node = TerminalText.cut(said);
        Share share = byName.get(node);
        if (share == null) {
            String name = byName.size() < MAX_LISTED ? node : OTHERS;
            share = byName.computeIfAbsent(name, first -> new Share(at));
        }
        if (at - share.last > gapNanos && share.over.size() < MAX_LISTED) {
            share.over.add(share.span());
            share.first = at;
            share.answeredBefore += share.answered;
            share.answered = 0;
        }
        share.last = Math.max(share.last, at);
        share.answered++;
    }

    /** How many each node answered. */
    Map<String, Long> answered() {
        Map<String, Long> answered = new LinkedHashMap<>();
        byName.forEach((name, share) -> answered.put(name, share.total()));
        return answered;
    }

    List<NodeShare> list() {
        List<NodeShare> shares = new ArrayList<>();
        byName.forEach((name, share) -> {
            List<Span> spans = new ArrayList<>(share.over);
            spans.add(share.span());
            shares.add(new NodeShare(name, share.total(), spans));
        });
        return shares;
    }
}

package dev.greeter.probe.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which nodes answered, and when: a node that is silent for longer than a gap and comes back has another span. */
final class NodeShares {
    /** Of nodes, and of a node's spans. What is over it is counted with the last one. */
    private static final int MAX_LISTED = 256;

    private static final String OTHERS = "(others)";

    /** Times are nanoseconds since the start. */
    record Span(long first, long last, long answered) {}

    record Share(String node, long answered, List<Span> spans) {}

    private static final class Counting {
        final List<Span> over = new ArrayList<>();
        long first;
        long last;
        long answered;

        Counting(long at) {
            first = at;
            last = at;
        }

        Span span() {
            return new Span(first, last, answered);
        }
    }

    private final long gapNanos;
    private final Map<String, Counting> byName = new LinkedHashMap<>();

    NodeShares(long gapNanos) {
        this.gapNanos = gapNanos;
    }

    void answered(String node, long at) {
        Counting counting = byName.get(node);
        if (counting == null) {
            String name = byName.size() < MAX_LISTED ? node : OTHERS;
            counting = byName.computeIfAbsent(name, first -> new Counting(at));
        }
        if (at - counting.last > gapNanos && counting.over.size() < MAX_LISTED) {
            counting.over.add(counting.span());
            counting.first = at;
            counting.answered = 0;
        }
        counting.last = Math.max(counting.last, at);
        counting.answered++;
    }

    /** By the node's name. */
    Map<String, Long> answered() {
        Map<String, Long> answered = new LinkedHashMap<>();
        byName.forEach((name, counting) -> answered.put(
                name,
                counting.answered
                        + counting.over.stream().mapToLong(Span::answered).sum()));
        return answered;
    }

    List<Share> list() {
        List<Share> shares = new ArrayList<>();
        byName.forEach((name, counting) -> {
            List<Span> spans = new ArrayList<>(counting.over);
            spans.add(counting.span());
            shares.add(new Share(name, spans.stream().mapToLong(Span::answered).sum(), spans));
        });
        return shares;
    }
}

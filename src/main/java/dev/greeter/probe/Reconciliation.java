package dev.greeter.probe;

import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import java.util.List;
import java.util.Optional;

/**
 * Compares the exchanges that the client had confirmed with those that the service counted meanwhile.
 *
 * @param lines empty if nothing could be compared
 * @param failure why it could not be compared; the rest is of no use then
 * @param restarted the nodes that lost their counts, because they were started again during the run
 * @param unsettled the service's counts did not come to rest before the run or after it: someone else uses it
 * @param partial the service could not ask its whole cluster
 */
public record Reconciliation(
        List<Line> lines, Optional<String> failure, List<String> restarted, boolean unsettled, boolean partial) {
    /** What the difference means. */
    public enum Finding {
        /** Every confirmed exchange is counted, and every counted one is confirmed. */
        EXACT("exact"),
        /** By its count, the service answered some of what the client lost: answers went astray. */
        UNCONFIRMED("unconfirmed"),
        /** The service counted more than this client asked: someone else uses it. */
        OTHERS("others"),
        /** The service counted less than it answered. */
        MISSING("missing");

        private final String label;

        Finding(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /**
     * The comparison of one protocol.
     *
     * @param confirmed exchanges that the client had an answer to
     * @param lost exchanges that it had none to
     * @param counted what the service's counts grew by
     */
    public record Line(Protocol protocol, long confirmed, long lost, Stats.Tally counted) {
        /** Above zero if the service counted more, below if it counted less. */
        public long difference() {
            return counted.answered() - confirmed;
        }

        public Finding finding() {
            if (difference() == 0) {
                return Finding.EXACT;
            }
            if (difference() < 0) {
                return Finding.MISSING;
            }
            return difference() <= lost ? Finding.UNCONFIRMED : Finding.OTHERS;
        }
    }

    static Reconciliation failed(String why) {
        return new Reconciliation(List.of(), Optional.of(why), List.of(), false, false);
    }

    /** Nothing can be compared with the counts of a service that began to count anew. */
    static Reconciliation restarted(List<String> nodes, boolean partial) {
        return new Reconciliation(List.of(), Optional.empty(), nodes, false, partial);
    }

    /** Whether the service's counts agree with what the client had confirmed. */
    public boolean holds() {
        return violation().isEmpty();
    }

    /** Why the counts do not agree; empty if they do. */
    public Optional<String> violation() {
        if (failure.isPresent()) {
            return Optional.of("not reconciled: " + failure.get());
        }
        if (!restarted.isEmpty()) {
            return Optional.of("not reconciled: the service was restarted during the run, and counts anew since ("
                    + String.join(", ", restarted) + ")");
        }
        return lines.stream().anyMatch(line -> line.finding() == Finding.MISSING)
                ? Optional.of("the service counted fewer exchanges than it answered")
                : Optional.empty();
    }

    /** Whether someone else used the service, so that the counts cannot be compared to the exchange. */
    public boolean isShared() {
        return unsettled || lines.stream().anyMatch(line -> line.finding() == Finding.OTHERS);
    }
}

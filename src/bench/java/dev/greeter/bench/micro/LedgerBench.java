package dev.greeter.bench.micro;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeBatch;
import dev.greeter.bus.Form;
import dev.greeter.bus.Node;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.ledger.Ledger;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counting the exchanges of one batch, each an operation, and one answer to a query. */
@State(Scope.Thread)
public class LedgerBench {
    private static final int EXCHANGES = 32;
    private static final int LOGGED_PER_SECOND = 5;

    private final Ledger ledger = new Ledger(new Node("node", "host", "1", Instant.EPOCH), LOGGED_PER_SECOND);
    private final List<Exchange> exchanges = Collections.nCopies(
            EXCHANGES,
            new Exchange(
                    Instant.EPOCH,
                    Protocol.GREETING,
                    Form.SESSION,
                    Outcome.ANSWERED,
                    "127.0.0.1:40000",
                    null,
                    null,
                    6,
                    42));
    private long sequence;

    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public Ledger count() {
        sequence++;
        ledger.count(new ExchangeBatch("source", sequence, Protocol.GREETING, 1, 0, 0, exchanges), System.nanoTime());
        return ledger;
    }

    @Benchmark
    public Stats stats() {
        return ledger.stats(Stats.Scope.NODE, Instant.EPOCH, System.nanoTime());
    }
}

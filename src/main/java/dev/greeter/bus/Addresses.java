package dev.greeter.bus;

/**
 * The event bus addresses, which are public API. All bodies are JSON on the wire; within one JVM, Greeter's own are objects
 * that {@link LocalCodec} passes.
 */
public final class Addresses {
    /**
     * Sent and acknowledged, within one JVM: an {@link ExchangeBatch} from a server to its node's ledger, as an object or as
     * JSON. The reply's body is null.
     */
    public static final String EXCHANGES = "greeter.exchanges";

    /** Request and reply: a {@link StatsQuery} gets {@link Stats}. */
    public static final String STATS = "greeter.stats";

    /** Request and reply: a {@link RecentQuery} gets an array of {@link Exchange}s, each with its node, newest first. */
    public static final String RECENT = "greeter.exchanges.recent";

    /** Published once a second: {@link Stats}. */
    public static final String UPDATES = "greeter.stats.updates";

    /** A map that the nodes of a cluster share: a {@link NodeTally} for each run of a node, by its key, as JSON text. */
    public static final String TALLIES = "greeter.tallies";

    /**
     * A map that the nodes of a cluster share: for each run, by its key, a version and for each {@link Protocol} an
     * HdrHistogram of service time in microseconds, compressed, in Base64; one blank between them.
     */
    public static final String LATENCIES = "greeter.latencies";

    /** A map that the nodes of a cluster share: the tallies of all runs as one of the nodes merges them, in few octets. */
    public static final String MERGED = "greeter.tallies.merged";

    /** A map that the nodes of a cluster share: {@link RetiredTallies} as JSON text, under its own name. */
    public static final String RETIRED_TALLIES = "greeter.tallies.folded";

    /**
     * Request and reply, within one JVM: any body gets the {@link LedgerSnapshot} of this node, as an object.
     */
    public static final String SNAPSHOT = "greeter.ledger.snapshot";

    /** The failure code of a query whose body is not understood; the message says what is allowed. */
    public static final int BAD_QUERY = 400;

    private Addresses() {}
}

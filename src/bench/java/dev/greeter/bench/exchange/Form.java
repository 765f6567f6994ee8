package dev.greeter.bench.exchange;

/** A form of exchange. */
enum Form {
    ONE_SHOT("one-shot", 64, 1),
    SESSION("session, depth 1", 64, 1),
    DEEP_SESSION("session, depth 32", 16, 32),
    PAGE("page, keep-alive", 64, 1);

    final String label;

    /** The clients that each wait for their answers before they send again. */
    final int connections;

    /** The requests that a client sends at once. */
    final int depth;

    Form(String label, int connections, int depth) {
        this.label = label;
        this.connections = connections;
        this.depth = depth;
    }
}

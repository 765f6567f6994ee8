package dev.greeter.bench.exchange;

/** A form of exchange, and the number of requests that a client sends at once on its connection. */
enum Form {
    ONE_SHOT("one-shot", "greeting", 1),
    SESSION("session, depth 1", "greeting", 1),
    DEEP_SESSION("session, depth 32", "greeting", 32),
    PAGE("page, keep-alive", "http", 1);

    final String label;
    final String server;
    final int depth;

    Form(String label, String server, int depth) {
        this.label = label;
        this.server = server;
        this.depth = depth;
    }
}

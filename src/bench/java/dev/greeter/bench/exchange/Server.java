package dev.greeter.bench.exchange;

import java.util.EnumSet;
import java.util.Set;

/** A server that the benchmark measures, in the order of its table. */
enum Server {
    GREETER("Greeter", true),
    VERTX("bare Vert.x", true),
    EPOLL("bare Vert.x, epoll", true),
    UNCOUNTED("Greeter, uncounted", true),
    THREADS("virtual threads", true),
    NODE("Node.js", true),
    NGINX("nginx", false),
    FLOOR("C, epoll", false);

    /** The one that every ratio refers to. */
    static final Server YARDSTICK = VERTX;

    final String label;

    /** Whether it compiles its code while it runs, and so needs the whole warm-up. */
    final boolean compiles;

    Server(String label, boolean compiles) {
        this.label = label;
        this.compiles = compiles;
    }

    /** nginx has no greetings. */
    Set<Form> forms() {
        return this == NGINX ? EnumSet.of(Form.PAGE) : EnumSet.allOf(Form.class);
    }
}

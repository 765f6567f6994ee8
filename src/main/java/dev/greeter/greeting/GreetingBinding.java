package dev.greeter.greeting;

import dev.greeter.config.Config;
import dev.greeter.net.ServerBinding;
import java.util.concurrent.atomic.AtomicInteger;

/** What all instances of the greeting server share: its port and one count of connections. Thread-safe. */
public final class GreetingBinding {
    /** Tells the free port that instances share from those of other servers of the same Vert.x. */
    private static final int FREE_PORT_ID = 1234;

    /** Connections over the limit that are told so at one time; beyond, they are just closed. */
    private static final int MAX_REFUSALS = 1_000;

    /** What becomes of a new connection. */
    enum Admission {
        WELCOME,
        /** Over the limit: it is told so. */
        BUSY,
        /** So far over the limit that telling would be a limit of its own. */
        CLOSE
    }

    private final Backlog backlog;
    private volatile Config.Greeting config;
    private final AtomicInteger welcome = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private final ServerBinding port;

    public GreetingBinding(Config.Greeting config) {
        this(config, Backlog.ofProcess());
    }

    GreetingBinding(Config.Greeting config, Backlog backlog) {
        this.backlog = backlog;
        this.config = config;
        this.port = new ServerBinding(config.host(), config.port(), FREE_PORT_ID);
    }

    /** Changes the limit and the timeouts for connections that are accepted from now on. */
    public void change(Config.Greeting changed) {
        config = changed;
    }

    /** The port that it listens on, once its verticles are deployed. */
    public int port() {
        return port.number();
    }

    ServerBinding sharedPort() {
        return port;
    }

    Backlog backlog() {
        return backlog;
    }

    Config.Greeting config() {
        return config;
    }

    Admission opened() {
        if (take(welcome, config.maxConnections())) {
            return Admission.WELCOME;
        }
        return take(over, MAX_REFUSALS) ? Admission.BUSY : Admission.CLOSE;
    }

    void closed(Admission admission) {
        switch (admission) {
            case WELCOME -> welcome.decrementAndGet();
            case BUSY -> over.decrementAndGet();
            case CLOSE -> {}
        }
    }

    private static boolean take(AtomicInteger count, int most) {
        // more than the most may be taken, where the limit was lowered
        return count.getAndUpdate(taken -> taken < most ? taken + 1 : taken) < most;
    }
}

package dev.greeter.probe.load;

/** A connection that carries one exchange at a time. */
abstract class SequentialConnection extends ProbeConnection {
    final SequentialDriver singles;

    SequentialConnection(SequentialDriver driver) {
        super(driver);
        this.singles = driver;
    }

    /** Takes an exchange, while it has none. */
    abstract void ask(PendingExchange exchange);
}

package dev.greeter.probe;

/** A connection that carries one exchange at a time. */
abstract class SingleLink extends ProbeConnection {
    final SingleDriver singles;

    SingleLink(SingleDriver driver) {
        super(driver);
        this.singles = driver;
    }

    /** Takes an exchange, while it has none. */
    abstract void ask(Pending exchange);
}

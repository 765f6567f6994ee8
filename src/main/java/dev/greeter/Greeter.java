package dev.greeter;

/** The service's entry point. */
public final class Greeter {
    private Greeter() {}

    public static void main(String[] args) {}
}

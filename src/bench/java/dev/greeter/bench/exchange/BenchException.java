package dev.greeter.bench.exchange;

/** Ends the benchmark without figures; the message is one line with the reason. */
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }
}

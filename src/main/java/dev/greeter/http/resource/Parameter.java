package dev.greeter.http.resource;

import dev.greeter.http.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one query parameter that a resource knows.
 *
 * @param allowed what it may be, for the client to read
 * @param reads from the text to a value, or to nothing where the text is no such value
 * @param absent the value where it is not given
 */
record Parameter<T>(String name, String allowed, Function<String, Optional<T>> reads, T absent) {
    /** The request's query is not understood; the message says what is allowed. */
    static final class BadParameterException extends Exception {
        private static final long serialVersionUID = 1L;

        BadParameterException(String message) {
            super(message);
        }

        Problem toProblem() {
            return new Problem(400, String.valueOf(getMessage()));
        }
    }

    T of(HttpServerRequest request) throws BadParameterException {
        if (request.query() == null) {
            return absent;
        }
        MultiMap given = parameters(request);
        for (String other : given.names()) {
            if (!other.equals(name)) {
                throw new BadParameterException(
                        "The parameter " + other + " (\"" + String.join("\", \"", given.getAll(other))
                                + "\") is not known; allowed is " + name + ", " + allowed + ".");
            }
        }
        List<String> values = given.getAll(name);
        if (values.isEmpty()) {
            return absent;
        }
        if (values.size() > 1) {
            throw new BadParameterException("The parameter " + name + " is given " + values.size() + " times (\""
                    + String.join("\", \"", values) + "\"); allowed is once, " + allowed + ".");
        }
        return reads.apply(values.get(0))
                .orElseThrow(() -> new BadParameterException(
                        "The parameter " + name + " is \"" + values.get(0) + "\"; allowed is " + allowed + "."));
    }

    private MultiMap parameters(HttpServerRequest request) throws BadParameterException {
        try {
            return request.params();
        } catch (IllegalArgumentException malformed) {
            throw new BadParameterException(
                    "The query \"" + request.query() + "\" is malformed; allowed is " + name + ", " + allowed + ".");
        }
    }
}

package dev.greeter.http.resource;

import dev.greeter.bus.JsonFields.BadMessageException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The only query parameter of a resource.
 *
 * @param allowed the allowed values, for the client's user
 * @param reads returns the value of a text, or nothing if the text is not allowed
 * @param absent the value where the parameter is not given
 */
record Parameter<T>(String name, String allowed, Function<String, Optional<T>> reads, T absent) {
    /**
     * Reads the request's query.
     *
     * @throws BadMessageException if that is malformed, or has another parameter or a value that is not allowed
     */
    T of(HttpServerRequest request) {
        if (request.query() == null) {
            return absent;
        }
        MultiMap given = parameters(request);
        for (String other : given.names()) {
            if (!other.equals(name)) {
                throw bad("The parameter " + other + " (\"" + String.join("\", \"", given.getAll(other))
                        + "\") is not known; allowed is " + name + ", ");
            }
        }
        List<String> values = given.getAll(name);
        if (values.isEmpty()) {
            return absent;
        }
        if (values.size() > 1) {
            throw bad("The parameter " + name + " is given " + values.size() + " times (\""
                    + String.join("\", \"", values) + "\"); allowed is once, ");
        }
        return reads.apply(values.get(0))
                .orElseThrow(() -> bad("The parameter " + name + " is \"" + values.get(0) + "\"; allowed is "));
    }

    private MultiMap parameters(HttpServerRequest request) {
        try {
            return request.params();
        } catch (IllegalArgumentException malformed) {
            throw bad("The query \"" + request.query() + "\" is malformed; allowed is " + name + ", ");
        }
    }

    private BadMessageException bad(String message) {
        return new BadMessageException(message + allowed + ".");
    }
}

package dev.greeter.bus;

import dev.greeter.text.Printable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a JSON object and checks each; the failure names the field. */
public final class JsonFields {
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The body of a message is not what its address takes; the text says what is wrong and what is allowed. */
    public static final class BadMessageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public BadMessageException(String message) {
            super(message);
        }
    }

    private final String subject;
    private final JsonObject json;

    /** @param subject the noun that a failure begins with */
    public JsonFields(String subject, JsonObject json) {
        this.subject = subject;
        this.json = json;
    }

    /** Reads the body of a query: an object with no field but this one, or null for all defaults. */
    static JsonObject query(String subject, @Nullable Object body, String field) {
        if (body == null) {
            return new JsonObject();
        }
        if (!(body instanceof JsonObject json)) {
            throw new BadMessageException(subject + ": the body is no object");
        }
        new JsonFields(subject, json).allowOnly(field);
        return json;
    }

    /** The instant in ISO 8601 and UTC, always with milliseconds, so that the text has one length. */
    public static String text(Instant instant) {
        return MILLIS.format(instant);
    }

    /** Throws {@link BadMessageException} if there is any other field. */
    public void allowOnly(String... names) {
        for (String name : json.fieldNames()) {
            if (!List.of(names).contains(name)) {
                throw new BadMessageException(subject + ": " + Printable.excerpt(name) + " is not known; allowed is "
                        + String.join(", ", names));
            }
        }
    }

    public boolean has(String name) {
        return json.containsKey(name);
    }

    public String string(String name) {
        if (json.getValue(name) instanceof String value) {
            return value;
        }
        throw bad(name, "a string");
    }

    boolean bool(String name) {
        if (json.getValue(name) instanceof Boolean value) {
            return value;
        }
        throw bad(name, "true or false");
    }

    /** What is on the wire only if it is true. */
    boolean flag(String name) {
        return has(name) && bool(name);
    }

    /** A whole number from 0 on. */
    long count(String name) {
        Object value = json.getValue(name);
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return ((Number) value).longValue();
        }
        throw bad(name, "a whole number from 0 on");
    }

    public double number(String name) {
        if (json.getValue(name) instanceof Number value) {
            return value.doubleValue();
        }
        throw bad(name, "a number");
    }

    JsonObject object(String name) {
        if (json.getValue(name) instanceof JsonObject value) {
            return value;
        }
        throw bad(name, "an object");
    }

    List<JsonObject> objects(String name) {
        if (!(json.getValue(name) instanceof JsonArray array)) {
            throw bad(name, "an array of objects");
        }
        List<JsonObject> objects = new ArrayList<>(array.size());
        for (Object element : array) {
            if (!(element instanceof JsonObject object)) {
                throw bad(name, "an array of objects");
            }
            objects.add(object);
        }
        return objects;
    }

    Instant instant(String name) {
        try {
            return Instant.parse(string(name));
        } catch (DateTimeException notATime) {
            throw bad(name, "a time such as 2026-11-23T06:16:00.000Z");
        }
    }

    public <E> E oneOf(String name, E[] values, Function<E, String> label) {
        Object value = json.getValue(name);
        for (E candidate : values) {
            if (label.apply(candidate).equals(value)) {
                return candidate;
            }
        }
        throw bad(name, Arrays.stream(values).map(label).collect(Collectors.joining(" or ")));
    }

    /** Makes the failure for a field that is missing, or has a value that is not allowed. */
    public BadMessageException bad(String name, String allowed) {
        Object value = json.getValue(name);
        return new BadMessageException(subject + ": " + name + " is "
                + (value == null ? "missing" : Printable.excerpt(value.toString())) + "; allowed is " + allowed);
    }
}

package dev.greeter.bus;

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

/** Reads a JSON object's members, each checked, so that a bad one is told by name. */
public final class JsonFields {
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final String what;
    private final JsonObject json;

    public JsonFields(String what, JsonObject json) {
        this.what = what;
        this.json = json;
    }

    /** A query's body: an object, or nothing for all of its defaults, with no member but this one. */
    static JsonObject query(String what, @Nullable Object body, String member) {
        if (body == null) {
            return new JsonObject();
        }
        if (!(body instanceof JsonObject json)) {
            throw new BadMessageException(what + ": the body is no object");
        }
        new JsonFields(what, json).allowOnly(member);
        return json;
    }

    /** ISO 8601 in UTC, always with milliseconds, so that the text has one length. */
    public static String text(Instant instant) {
        return MILLIS.format(instant);
    }

    /** Any other member is told as not known. */
    public void allowOnly(String... names) {
        for (String name : json.fieldNames()) {
            if (!List.of(names).contains(name)) {
                throw new BadMessageException(
                        what + ": " + name + " is not known; allowed is " + String.join(", ", names));
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

    /** It is there, or not, but is none of what is allowed. */
    public BadMessageException bad(String name, String allowed) {
        Object value = json.getValue(name);
        return new BadMessageException(
                what + ": " + name + " is " + (value == null ? "missing" : value) + "; allowed is " + allowed);
    }
}

package dev.greeter.json;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/** A value as JSON text, which is written once for all who get it. Immutable and thread-safe. */
public final class JsonText {
    private final Buffer octets;
    /** Two threads may both write it, and the same. */
    private @Nullable String inString;

    private JsonText(Buffer octets) {
        this.octets = octets;
    }

    /** Writes a value, of a type that Vert.x has for JSON. */
    public static JsonText of(@Nullable Object value) {
        return new JsonText(Json.encodeToBuffer(value));
    }

    /** Returns the text in UTF-8, which must not be changed. */
    public Buffer octets() {
        return octets;
    }

    /** Returns the text as it stands within a JSON string, without the quotes around it. */
    public String inString() {
        String escaped = inString;
        if (escaped == null) {
            escaped = inString(octets.toString());
            inString = escaped;
        }
        return escaped;
    }

    /** Returns any text as it stands within a JSON string, without the quotes around it. */
    public static String inString(String text) {
        String quoted = Json.encode(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    @Override
    public String toString() {
        return octets.toString();
    }
}

package dev.greeter.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.util.Objects;

/** What is read as JSON is JSON, and is read the same once it is written; what is not read breaks the grammar or a limit. */
public final class StrictJsonFuzz {
    private StrictJsonFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        String text;
        try {
            text = StrictJson.text(Buffer.buffer(octets));
        } catch (DecodeException notUtf8) {
            if (new String(octets, UTF_8).indexOf('\uFFFD') < 0) {
                throw new AssertionError("UTF-8 was refused", notUtf8);
            }
            return;
        }
        boolean isJson = JsonGrammar.matches(text);
        try {
            Object value = StrictJson.read(text);
            if (!isJson) {
                throw new AssertionError("read what is no JSON: " + text);
            }
            if (!Objects.equals(value, StrictJson.read(Json.encode(value)))) {
                throw new AssertionError("written it differs: " + Json.encode(value));
            }
        } catch (DecodeException e) {
            if (isJson && !isOverLimit(String.valueOf(e.getMessage()))) {
                throw new AssertionError("refused JSON: " + text, e);
            }
        }
    }

    private static boolean isOverLimit(String why) {
        return why.contains("surrogate")
                || why.contains("too large")
                || why.contains("Duplicate field")
                || why.contains("nesting depth")
                || why.contains("Number value length");
    }
}

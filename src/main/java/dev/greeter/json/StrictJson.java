package dev.greeter.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON by RFC 8259, where Vert.x accepts comments too. As section 9 allows, it refuses names that occur twice in an
 * object, halves of surrogate pairs, deep nesting, and numbers that are long or too large for a double.
 */
public final class StrictJson {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // the table of names that texts share fails for all of them once one text has many names with the same hash
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .build();

    private StrictJson() {}

    /**
     * Reads a value, of a type that Vert.x has for JSON.
     *
     * @throws DecodeException if the text is no JSON
     */
    public static @Nullable Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            Object value = JacksonCodec.fromParser(parser, Object.class);
            if (!UTF_8.newEncoder().canEncode(Json.encode(value))) {
                throw new DecodeException("half of a surrogate pair");
            }
            if (!isFinite(value)) {
                throw new DecodeException("a number that is too large");
            }
            return value;
        } catch (IOException e) {
            throw new DecodeException(e.getMessage(), e);
        }
    }

    /** A number beyond a double is read as infinity, which JSON does not have. */
    private static boolean isFinite(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return object.stream().allMatch(member -> isFinite(member.getValue()));
        }
        if (value instanceof JsonArray array) {
            return array.stream().allMatch(StrictJson::isFinite);
        }
        return !(value instanceof Double number) || Double.isFinite(number);
    }

    /**
     * Decodes a text (section 8.1).
     *
     * @throws DecodeException if the octets are not UTF-8
     */
    public static String text(Buffer octets) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.getBytes())).toString();
        } catch (CharacterCodingException e) {
            throw new DecodeException("no UTF-8", e);
        }
    }
}

package dev.greeter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as RFC 8259 has it, where Vert.x takes comments too. Of what section 9 leaves to a reader it refuses names that
 * occur twice in an object, halves of surrogate pairs, and nesting and numbers of a length that have no use here.
 */
public final class StrictJson {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .build();

    private StrictJson() {}

    /**
     * The value, of a type that Vert.x has for JSON.
     *
     * @throws DecodeException if it is no JSON
     */
    public static @Nullable Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            Object value = JacksonCodec.fromParser(parser, Object.class);
            if (!UTF_8.newEncoder().canEncode(Json.encode(value))) {
                throw new DecodeException("half of a surrogate pair");
            }
            return value;
        } catch (IOException e) {
            throw new DecodeException(e.getMessage(), e);
        }
    }

    /**
     * The text that the octets are, which must be UTF-8 (section 8.1).
     *
     * @throws DecodeException if they are not
     */
    public static String text(Buffer octets) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.getBytes())).toString();
        } catch (CharacterCodingException e) {
            throw new DecodeException("no UTF-8", e);
        }
    }
}

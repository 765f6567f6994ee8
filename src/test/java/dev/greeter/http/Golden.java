package dev.greeter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Whole responses as they stand on the wire, kept in files with LF where the head has CR LF. */
public final class Golden {
    /** The only part of a response that changes; its length does not. */
    private static final String DATE = "date: \\w{3}, \\d{2} \\w{3} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT\r\n";

    private Golden() {}

    public static String response(String name) {
        try (InputStream file = Golden.class.getResourceAsStream(name)) {
            String text = new String(Objects.requireNonNull(file, name).readAllBytes(), UTF_8);
            int headEnd = text.indexOf("\n\n") + 2;
            return text.substring(0, headEnd).replace("\n", "\r\n") + text.substring(headEnd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String undated(String response) {
        return response.replaceFirst(DATE, "date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
    }
}

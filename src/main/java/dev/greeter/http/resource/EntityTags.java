package dev.greeter.http.resource;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The entity tags of an {@code if-none-match} (RFC 9110, section 13.1.2). */
final class EntityTags {
    /** An opaque tag may contain commas, but no quote; a weak comparison ignores whether a tag is weak. */
    private static final Pattern TAG = Pattern.compile("\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\"");

    private EntityTags() {}

    /** Returns whether a client that sends these lines has the representation with this strong tag. */
    static boolean match(List<String> lines, String etag) {
        return lines.stream().anyMatch(line -> line.strip().equals("*") || lists(line, etag));
    }

    private static boolean lists(String line, String etag) {
        Matcher tags = TAG.matcher(line);
        while (tags.find()) {
            if (tags.group().equals(etag)) {
                return true;
            }
        }
        return false;
    }
}

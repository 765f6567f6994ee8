package dev.greeter.http.resource;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The entity tags of an {@code if-match} or {@code if-none-match} (RFC 9110, sections 13.1.1 and 13.1.2). */
final class EntityTags {
    /** An opaque tag may contain commas, but no quote. */
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")");

    private EntityTags() {}

    /** Returns whether a client that sends these lines has the representation with this strong tag, by the weak comparison. */
    static boolean match(List<String> lines, String etag) {
        return anyLists(lines, etag, true);
    }

    /** The same by the strong comparison, to which a weak tag is never equal. */
    static boolean matchStrongly(List<String> lines, String etag) {
        return anyLists(lines, etag, false);
    }

    private static boolean anyLists(List<String> lines, String etag, boolean weak) {
        return lines.stream().anyMatch(line -> line.strip().equals("*") || lists(line, etag, weak));
    }

    private static boolean lists(String line, String etag, boolean weak) {
        Matcher tags = TAG.matcher(line);
        while (tags.find()) {
            if (tags.group(2).equals(etag) && (weak || tags.group(1) == null)) {
                return true;
            }
        }
        return false;
    }
}

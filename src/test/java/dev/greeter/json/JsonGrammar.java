package dev.greeter.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The grammar of RFC 8259, read plainly: whether a text is JSON. */
final class JsonGrammar {
    private static final Pattern TOKEN = Pattern.compile("[ \t\n\r]*+(?:"
            + "(?<open>[\\[{])|(?<close>[]}])|(?<comma>,)|(?<colon>:)"
            + "|(?<string>\"(?:[^\"\\\\\0-\\x1f]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9A-Fa-f]{4})*+\")"
            + "|(?<other>-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null)"
            + "|(?<end>\\z))");

    private JsonGrammar() {}

    static boolean matches(String text) {
        Deque<Character> open = new ArrayDeque<>();
        Matcher token = TOKEN.matcher(text);
        // what may come next: a value, a name, a colon, or what is behind a value
        String next = "value";
        boolean first = false;
        int at = 0;
        while (token.find(at) && token.start() == at) {
            at = token.end();
            boolean isString = token.group("string") != null;
            if (token.group("end") != null) {
                return open.isEmpty() && next.equals("behind");
            } else if (token.group("close") != null) {
                boolean ends = next.equals("behind") || first;
                boolean fits =
                        !open.isEmpty() && open.pop() == (token.group("close").equals("]") ? '[' : '{');
                if (!ends || !fits) {
                    return false;
                }
                next = "behind";
                first = false;
            } else if (token.group("comma") != null) {
                if (!next.equals("behind") || open.isEmpty()) {
                    return false;
                }
                next = open.element() == '{' ? "name" : "value";
                first = false;
            } else if (token.group("colon") != null) {
                if (!next.equals("colon")) {
                    return false;
                }
                next = "value";
            } else if (next.equals("name")) {
                if (!isString) {
                    return false;
                }
                next = "colon";
                first = false;
            } else if (!next.equals("value")) {
                return false;
            } else if (token.group("open") != null) {
                open.push(token.group("open").charAt(0));
                next = open.element() == '{' ? "name" : "value";
                first = true;
            } else {
                next = "behind";
                first = false;
            }
        }
        return false;
    }
}

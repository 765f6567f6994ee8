package dev.greeter.probe.report;

/** Escapes text from elsewhere within HTML or XML. */
final class Markup {
    private Markup() {}

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                // characters that XML does not have
                default -> escaped.appendCodePoint(point < ' ' || point == 0xFFFE || point == 0xFFFF ? '?' : point);
            }
        });
        return escaped.toString();
    }
}

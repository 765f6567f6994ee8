package dev.greeter.probe.report;

/** Text from elsewhere within HTML or XML. */
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
                // what XML cannot say
                default -> escaped.appendCodePoint(point < ' ' || point == 0xFFFE || point == 0xFFFF ? '?' : point);
            }
        });
        return escaped.toString();
    }
}

package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The octets that a client sends and must receive: once on opening, then again and again. */
final class Script {
    static final String PREFACE = "GREETING/2\n";
    static final String GET_PAGE = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    static final int DATE_OCTETS = "Sun, 06 Nov 1994 08:49:37 GMT".length();

    /** A client sends it first and receives the same octets; empty for none. */
    final byte[] opening;

    final byte[] request;
    final byte[] answer;

    /** Where the answer's date begins; negative if it has none. */
    final int dateAt;

    private Script(byte[] opening, byte[] request, byte[] answer, int dateAt) {
        this.opening = opening;
        this.request = request;
        this.answer = answer;
        this.dateAt = dateAt;
    }

    /** @param page the whole response to {@link #GET_PAGE} */
    static Script of(Form form, byte[] page) {
        return switch (form) {
            case ONE_SHOT -> of("", "Hello", "World".getBytes(US_ASCII), -1);
            case SESSION, DEEP_SESSION ->
                of(
                        PREFACE,
                        "Hello\n".repeat(form.depth),
                        "World\n".repeat(form.depth).getBytes(US_ASCII),
                        -1);
            case PAGE -> {
                String header = "\r\ndate: ";
                int date = new String(page, US_ASCII).indexOf(header);
                yield of("", GET_PAGE, page, date < 0 ? -1 : date + header.length());
            }
        };
    }

    private static Script of(String opening, String request, byte[] answer, int dateAt) {
        return new Script(opening.getBytes(US_ASCII), request.getBytes(US_ASCII), answer, dateAt);
    }

    /** Whether this octet of the answer belongs to the date, which may differ from the page's. */
    boolean isDate(int index) {
        return dateAt >= 0 && index >= dateAt && index < dateAt + DATE_OCTETS;
    }
}

package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/** The octets that a client sends and must receive: once on opening, then again and again. */
final class Script {
    static final String GET_PAGE = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    static final int DATE_OCTETS = "Sun, 06 Nov 1994 08:49:37 GMT".length();
    private static final String DATE_HEADER = "\r\ndate: ";

    /** How a connection ends, as the load's program is to do it. */
    enum End {
        /** The server closes after an answer, which is complete with the close: each exchange has its own connection. */
        SERVER("server"),
        /** The client half-closes, and the server closes after it. */
        HALF_CLOSE("half-close"),
        /** The client closes. */
        CLOSE("close");

        final String argument;

        End(String argument) {
            this.argument = argument;
        }
    }

    /** A client sends it first and receives the same octets; empty for none. */
    final byte[] opening;

    final byte[] request;
    final byte[] answer;

    /** Where the answer's date begins, which may differ from this one; negative if it has none. */
    final int dateAt;

    final End end;

    Script(byte[] opening, byte[] request, byte[] answer, int dateAt, End end) {
        this.opening = opening;
        this.request = request;
        this.answer = answer;
        this.dateAt = dateAt;
        this.end = end;
    }

    /** @param page the server's whole response to {@link #GET_PAGE} */
    static Script of(Form form, byte[] page) {
        return switch (form) {
            case ONE_SHOT -> of("", "Hello", "World", End.SERVER);
            case SESSION, DEEP_SESSION ->
                of("GREETING/2\n", "Hello\n".repeat(form.depth), "World\n".repeat(form.depth), End.HALF_CLOSE);
            case PAGE -> {
                int date = new String(page, US_ASCII).toLowerCase(Locale.ROOT).indexOf(DATE_HEADER);
                int dateAt = date < 0 ? -1 : date + DATE_HEADER.length();
                yield new Script(new byte[0], GET_PAGE.getBytes(US_ASCII), page, dateAt, End.CLOSE);
            }
        };
    }

    private static Script of(String opening, String request, String answer, End end) {
        return new Script(opening.getBytes(US_ASCII), request.getBytes(US_ASCII), answer.getBytes(US_ASCII), -1, end);
    }

    /** Whether this octet of the answer belongs to the date. */
    boolean isDate(int index) {
        return dateAt >= 0 && index >= dateAt && index < dateAt + DATE_OCTETS;
    }
}

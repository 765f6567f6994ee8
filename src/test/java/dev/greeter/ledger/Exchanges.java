package dev.greeter.ledger;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeBatch;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import java.time.Instant;
import java.util.List;

/** Exchanges and batches with names. */
public final class Exchanges {
    public static final Instant AT = Instant.parse("2026-11-23T06:16:00.250Z");

    private Exchanges() {}

    public static Exchange greeting(Outcome outcome, long micros) {
        return new Exchange(AT, Protocol.GREETING, Form.SESSION, outcome, "10.0.0.7:4711", "7f3a", null, 11, micros);
    }

    public static Exchange page(Outcome outcome, long micros) {
        return new Exchange(AT, Protocol.HTTP, Form.PAGE, outcome, "10.0.0.8:4712", null, null, 80, micros);
    }

    public static ExchangeBatch batch(String source, long sequence, Exchange... exchanges) {
        return new ExchangeBatch(source, sequence, Protocol.GREETING, 3, 0, 0, List.of(exchanges));
    }
}

package dev.greeter.http.management;

import dev.greeter.bus.JsonFields;
import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.Protocol;
import dev.greeter.config.value.Durations;
import dev.greeter.faults.ActiveFault;
import dev.greeter.faults.Fault;
import dev.greeter.faults.FaultKind;
import dev.greeter.json.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * A request for a fault ({@code src/docs/faults.md}).
 *
 * @param protocol the protocol of the exchanges that it hits
 */
record FaultRequest(Protocol protocol, Fault fault) {
    private static final String WHAT = "fault";
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);

    /** @throws BadMessageException if the body is no such request; its message says what is allowed */
    static FaultRequest of(Buffer body, Duration maxDuration) {
        JsonFields members = new JsonFields(WHAT, object(body));
        members.allowOnly("protocol", "kind", "percent", "for", "delay");
        Protocol protocol = members.oneOf("protocol", Protocol.values(), Protocol::label);
        FaultKind kind = members.oneOf("kind", FaultKind.values(), FaultKind::label);
        double percent = members.number("percent");
        if (!Fault.isPercent(percent)) {
            throw members.bad("percent", "a number from 0.01 to 100 with two decimals at most");
        }
        Duration lasts = duration(members, "for", maxDuration);
        Duration delay = Duration.ZERO;
        if (kind == FaultKind.DELAY) {
            delay = duration(members, "delay", MAX_DELAY);
        } else if (members.has("delay")) {
            throw members.bad("delay", "none with kind " + kind.label());
        }
        return new FaultRequest(protocol, new Fault(kind, percent, lasts, delay));
    }

    private static JsonObject object(Buffer body) {
        try {
            if (StrictJson.read(StrictJson.text(body)) instanceof JsonObject object) {
                return object;
            }
        } catch (DecodeException notJson) {
            // refused below
        }
        throw new BadMessageException(WHAT + ": the body is no JSON object; allowed is such as"
                + " {\"protocol\": \"greeting\", \"kind\": \"reset\", \"percent\": 10, \"for\": \"30s\"}");
    }

    private static Duration duration(JsonFields members, String name, Duration max) {
        return Durations.read(members.string(name))
                .filter(duration -> !duration.isZero() && duration.compareTo(max) <= 0)
                .orElseThrow(
                        () -> members.bad(name, "a duration from 1ms to " + Durations.text(max) + ", such as 30s"));
    }

    /** Returns a fault as clients read it. */
    static JsonObject toJson(Protocol protocol, ActiveFault active) {
        Fault fault = active.fault();
        JsonObject json = new JsonObject()
                .put("protocol", protocol.label())
                .put("kind", fault.kind().label())
                .put("percent", fault.percent())
                .put("for", Durations.text(fault.lasts()));
        if (fault.kind() == FaultKind.DELAY) {
            json.put("delay", Durations.text(fault.delay()));
        }
        return json.put("endsAt", JsonFields.text(active.endsAt())).put("injected", active.injected());
    }
}

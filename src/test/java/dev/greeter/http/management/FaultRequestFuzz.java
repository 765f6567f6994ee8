package dev.greeter.http.management;

import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.config.value.Durations;
import dev.greeter.faults.Fault;
import dev.greeter.faults.FaultKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Any body is a fault within the limits, which is read again from what it says, or is refused by one short line. */
public final class FaultRequestFuzz {
    private static final Duration MAX_DURATION = Duration.ofMinutes(10);
    private static final int MAX_LINE_CHARACTERS = 500;

    private FaultRequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        try {
            FaultRequest request = FaultRequest.of(Buffer.buffer(octets), MAX_DURATION);
            Fault fault = request.fault();
            if (fault.lasts().compareTo(MAX_DURATION) > 0
                    || fault.lasts().isZero()
                    || fault.percent() < 0.01
                    || fault.percent() > 100
                    || fault.delay().isZero() == (fault.kind() == FaultKind.DELAY)) {
                throw new AssertionError(request);
            }
            if (!FaultRequest.of(body(request).toBuffer(), MAX_DURATION).equals(request)) {
                throw new AssertionError("read again it is another: " + request);
            }
        } catch (BadMessageException e) {
            String line = String.valueOf(e.getMessage());
            if (line.length() > MAX_LINE_CHARACTERS || line.codePoints().anyMatch(Character::isISOControl)) {
                throw new AssertionError("not a short line: " + line);
            }
        }
    }

    private static JsonObject body(FaultRequest request) {
        Fault fault = request.fault();
        JsonObject body = new JsonObject()
                .put("protocol", request.protocol().label())
                .put("kind", fault.kind().label())
                .put("percent", fault.percent())
                .put("for", Durations.text(fault.lasts()));
        return fault.kind() == FaultKind.DELAY ? body.put("delay", Durations.text(fault.delay())) : body;
    }
}

package dev.greeter.http.resource;

import dev.greeter.faults.FaultKind;
import io.vertx.core.VertxException;

/** An answer that was not handed over because a fault took it. */
final class FaultException extends VertxException {
    private static final long serialVersionUID = 1L;

    private final FaultKind kind;

    FaultException(FaultKind kind) {
        super(kind.reason(), true);
        this.kind = kind;
    }

    /** As it is counted and logged. */
    String reason() {
        return kind.reason();
    }
}

package dev.greeter.probe.measure;

import dev.greeter.client.TerminalText;
import dev.greeter.client.connect.NetworkFailure;
import dev.greeter.client.connect.TlsCause;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange got no answer.
 *
 * @param code of a {@link Kind#REJECTED}, the {@code Error} line's or the HTTP status; of a {@link Kind#TLS}, its {@link
 *     TlsCause#label}; null of any other
 * @param why the first cause, for people; cut if it is long, because a report keeps many
 */
public record Loss(Kind kind, @Nullable String code, String why) {
    public Loss {
        why = TerminalText.cut(why);
    }

    /** The class of a loss ({@code src/docs/probe.md}). */
    public enum Kind {
        /** The name was not resolved. */
        DNS("dns"),
        /** Nobody listened. */
        REFUSED("refused"),
        /** There was no route. */
        UNREACHABLE("unreachable"),
        /** The connection was reset. */
        RESET("reset"),
        /** The connection was closed in order, before the answer or in the middle of it. */
        CLOSED("closed"),
        /** No answer in time. */
        TIMEOUT("timeout"),
        /** An answer, but not this exchange's. */
        WRONG("wrong"),
        /** An {@code Error} line or an HTTP status. */
        REJECTED("rejected"),
        /** The two sides did not agree on TLS. */
        TLS("tls"),
        /** The probe's own machine had no port or no file descriptor left; never the target's fault. */
        LOCAL("local"),
        /** The probe itself stood still for so long that this may be due to it; never the target's fault. */
        STALLED("stalled"),
        /** Something else, which is in the loss's text. */
        OTHER("other");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The name in reports and metrics. */
        public String label() {
            return label;
        }

        private static Kind of(NetworkFailure.Kind kind) {
            return switch (kind) {
                case DNS -> DNS;
                case REFUSED -> REFUSED;
                case UNREACHABLE -> UNREACHABLE;
                case RESET -> RESET;
                case CLOSED -> CLOSED;
                case TIMEOUT -> TIMEOUT;
                case TLS -> TLS;
                case LOCAL -> LOCAL;
                case OTHER -> OTHER;
            };
        }
    }

    public static Loss of(Kind kind, String why) {
        return new Loss(kind, null, why);
    }

    public static Loss rejected(String code, String why) {
        return new Loss(Kind.REJECTED, code, why);
    }

    /** The loss if the probe itself had stood still: a server is not to blame for what it does to a silent client. */
    public Loss afterStall() {
        return switch (kind) {
            case RESET, CLOSED, TIMEOUT, REJECTED -> of(Kind.STALLED, "the probe itself stood still, then " + why);
            case DNS, REFUSED, UNREACHABLE, WRONG, TLS, LOCAL, STALLED, OTHER -> this;
        };
    }

    public static Loss of(NetworkFailure failure) {
        TlsCause tls = failure.tls();
        return new Loss(Kind.of(failure.kind()), tls == null ? null : tls.label(), failure.text());
    }
}

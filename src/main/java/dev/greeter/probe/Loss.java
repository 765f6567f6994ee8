package dev.greeter.probe;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange got no answer.
 *
 * @param code of a {@link Kind#REJECTED} only: the {@code Error} line's, or the HTTP status
 * @param why the first cause, for a person
 */
public record Loss(Kind kind, @Nullable String code, String why) {
    /** Every loss has one of these names ({@code src/docs/probe.md}). */
    public enum Kind {
        /** The name was not resolved. */
        DNS("dns"),
        /** Nobody listened. */
        REFUSED("refused"),
        /** No way led there. */
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
        /** No trust, or no TLS. */
        TLS("tls"),
        /** The probe's own machine had no port or no file descriptor left; never the target's fault. */
        LOCAL("local");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The name in reports and metrics. */
        public String label() {
            return label;
        }
    }

    static Loss of(Kind kind, String why) {
        return new Loss(kind, null, why);
    }

    static Loss rejected(String code, String why) {
        return new Loss(Kind.REJECTED, code, why);
    }

    /** What a connect or a connection failed with, by what kernels and libraries say, however they wrap it. */
    static Loss of(Throwable failure) {
        Throwable cause = unwrapped(failure);
        String said =
                Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
        return of(
                kind(cause, said.toLowerCase(Locale.ROOT)),
                said.lines().findFirst().orElse(""));
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure.getCause();
        return failure instanceof DecoderException && inner != null ? inner : failure;
    }

    private static Kind kind(Throwable cause, String said) {
        if (cause instanceof UnknownHostException) {
            return Kind.DNS;
        }
        if (cause instanceof SSLException) {
            return Kind.TLS;
        }
        if (cause instanceof ConnectTimeoutException || said.contains("timed out")) {
            return Kind.TIMEOUT;
        }
        if (said.contains("refused")) {
            return Kind.REFUSED;
        }
        if (said.contains("unreachable") || said.contains("no route") || said.contains("host is down")) {
            return Kind.UNREACHABLE;
        }
        if (said.contains("assign requested address") || said.contains("too many open files")) {
            return Kind.LOCAL;
        }
        return said.contains("reset") || said.contains("broken pipe") ? Kind.RESET : Kind.CLOSED;
    }
}

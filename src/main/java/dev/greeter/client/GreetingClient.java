package dev.greeter.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.greeter.client.connect.ClientTls;
import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.TlsConnector;
import dev.greeter.protocol.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Greets servers. Each call has its own connection, and its future fails with a {@link ClientException} only, within the
 * timeout, which counts from the call and includes the connect and the server's close. The client hangs up on a server that
 * sends too much, or something that was not asked for.
 */
public final class GreetingClient {
    private final Vertx vertx;
    private final Dialer dialer;
    private final ClientTls settings;
    private @Nullable TlsConnector tls;

    public GreetingClient(Vertx vertx, ClientTls tls) {
        this.vertx = vertx;
        this.dialer = new Dialer(vertx);
        this.settings = tls;
    }

    /** Greets once, in the one-shot form. */
    public Future<Void> greet(GreetingTarget target, Duration timeout) {
        return new OneShotCall(vertx, dialer, target, tls(target), timeout).start();
    }

    /**
     * Greets in one session.
     *
     * @param who whether to ask the node's name first
     * @param count how many times to greet, at least once
     * @param answers receives each answer as it comes, on the event loop, and returns whether it wants more; it may hold the
     *     server back by taking its time
     * @return how many greetings were answered: fewer than asked if no more were wanted, or if the server drains, and then
     *     the others were not processed and may be sent elsewhere
     */
    public Future<Long> converse(
            GreetingTarget target, Duration timeout, boolean who, long count, Predicate<Reply> answers) {
        return new SessionCall(vertx, dialer, target, tls(target), timeout, who, count, answers).start();
    }

    private @Nullable TlsConnector tls(GreetingTarget target) {
        if (target.isTls() && tls == null) {
            tls = new TlsConnector(settings);
        }
        return target.isTls() ? tls : null;
    }

    /** Returns a reply's line, harmless to a terminal. */
    public static String text(Reply reply) {
        ByteBuf line = Unpooled.buffer();
        reply.writeTo(line);
        return TerminalText.visible(line.toString(0, line.readableBytes() - 1, US_ASCII));
    }
}

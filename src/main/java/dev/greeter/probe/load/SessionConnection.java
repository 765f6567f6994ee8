package dev.greeter.probe.load;

import dev.greeter.probe.measure.Loss;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.ReplyDecoder;
import dev.greeter.protocol.RequestWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session (sections 3 to 5 of {@code src/docs/protocol.md}). */
final class SessionConnection extends ProbeConnection<SessionDriver> {
    private static final long NOT_OURS = -1;

    /** A number in decimal has no more digits: longer ones would overflow. */
    private static final int MAX_DIGITS = 18;

    final int slot;

    /** No other connection of its driver has it. */
    final int id;

    private final ReplyDecoder decoder = new ReplyDecoder();

    /** In the order of their sending, which is that of the answers. Lost ones stay, because their answers may still come. */
    private final Deque<PendingExchange> unanswered = new ArrayDeque<>();

    /**
     * What was lost because something else came in the place of its answer, by number; its answer may still come. No more than
     * were unanswered at one time, because a connection gets no more lines after the first.
     */
    private final Map<Long, PendingExchange> passedOver = new HashMap<>();

    private @Nullable ByteBuf batch;
    private @Nullable String node;
    private boolean awaitsPreface = true;
    private boolean awaitsNode = true;
    private boolean answered;
    private boolean over;

    /** The loss of an exchange that comes to it when it is over. */
    private Loss end = Loss.of(Loss.Kind.CLOSED, "closed before the answer");

    SessionConnection(SessionDriver driver, int slot, int id) {
        super(driver);
        this.slot = slot;
        this.id = id;
    }

    int unanswered() {
        return unanswered.size();
    }

    boolean hasAnswered() {
        return answered;
    }

    /** Takes an exchange, to be sent with the next {@link #flush} once it is open. */
    void ask(PendingExchange exchange) {
        if (over) {
            driver.lost(exchange, end);
            return;
        }
        unanswered.add(exchange);
        driver.asked(exchange.number, this);
        if (isOpen()) {
            write(exchange);
        }
    }

    void flush() {
        ByteBuf lines = batch;
        if (lines != null) {
            batch = null;
            write(lines);
        }
    }

    @Override
    void opened(ChannelHandlerContext socket) {
        batch = Unpooled.buffer();
        RequestWriter.preface(batch);
        RequestWriter.who(batch);
        unanswered.stream().filter(exchange -> !exchange.lost).forEach(this::write);
        unanswered.removeIf(exchange -> exchange.lost);
        flush();
    }

    @Override
    void received(Object message) {
        ByteBuf octets = (ByteBuf) message;
        Reply reply = decoder.next(octets);
        while (reply != null && !over) {
            take(reply);
            reply = decoder.next(octets);
        }
        if (reply != null || octets.isReadable()) {
            // behind Bye
            driver.tally().unsolicited();
        }
        closeIfDone();
    }

    @Override
    void ended(Loss cause) {
        if (decoder.isMidReply() && unanswered.isEmpty()) {
            driver.tally().unsolicited();
        }
        end = cause;
        finish();
        takeLive().forEach(exchange -> driver.lost(exchange, cause));
    }

    @Override
    void sweep(long nowNanos) {
        boolean late = false;
        for (PendingExchange exchange : unanswered) {
            if (!exchange.lost && driver.isLate(exchange, nowNanos)) {
                driver.lost(exchange, late());
                late = true;
            }
        }
        if (late) {
            driver.retire(this);
        }
        closeIfDone();
    }

    /** It is retired, and waits for nothing. */
    private void closeIfDone() {
        if (!over && driver.isRetired(this) && unanswered.stream().allMatch(exchange -> exchange.lost)) {
            finish();
            close();
        }
    }

    private void finish() {
        over = true;
        if (batch != null) {
            batch.release();
            batch = null;
        }
        driver.gone(this);
    }

    private void take(Reply reply) {
        if (reply instanceof Reply.World world) {
            take(world);
        } else if (reply instanceof Reply.Preface && awaitsPreface) {
            awaitsPreface = false;
        } else if (reply instanceof Reply.Node named && awaitsNode) {
            awaitsNode = false;
            node = named.name();
        } else if (reply instanceof Reply.Bye) {
            finish();
            close();
            driver.move(this, takeLive());
        } else if (reply instanceof Reply.Refused refused) {
            // it may end a session that asked nothing, by its idle timeout
            driver.retire(this);
            loseHead(Loss.rejected(refused.code(), refused.text()));
        } else if (unanswered.isEmpty()) {
            driver.retire(this);
            driver.tally().unsolicited();
        } else {
            wrong("answered what nobody asked");
        }
    }

    private void take(Reply.World world) {
        long number = number(world.token());
        PendingExchange head = unanswered.peek();
        if (head != null && number == head.number) {
            answer(unanswered.remove());
            return;
        }
        PendingExchange passed = passedOver.remove(number);
        if (passed != null) {
            driver.late(passed);
        } else if (unanswered.stream().anyMatch(exchange -> exchange.number == number)) {
            // those before it were skipped
            while (number != unanswered.element().number) {
                wrong("skipped by the answer to a later one");
            }
            answer(unanswered.remove());
        } else if (head == null || driver.hasAsked(number, this)) {
            // it came before, so that of the head may still come
            driver.retire(this);
            driver.tally().unsolicited();
        } else {
            wrong("answered with another token");
        }
    }

    private void answer(PendingExchange exchange) {
        answered = true;
        if (exchange.lost) {
            driver.late(exchange);
        } else {
            driver.answered(exchange, node);
        }
    }

    /** The order of answers is in doubt, so this connection gets no more lines. */
    private void wrong(String why) {
        driver.retire(this);
        loseHead(Loss.of(Loss.Kind.WRONG, why));
    }

    private void loseHead(Loss loss) {
        PendingExchange head = unanswered.poll();
        if (head == null) {
            return;
        }
        passedOver.put(head.number, head);
        if (!head.lost) {
            driver.lost(head, loss);
        }
    }

    /** Takes the exchanges that still wait for an answer. */
    private List<PendingExchange> takeLive() {
        List<PendingExchange> live =
                unanswered.stream().filter(exchange -> !exchange.lost).toList();
        unanswered.clear();
        return live;
    }

    private void write(PendingExchange exchange) {
        if (batch == null) {
            batch = Unpooled.buffer();
        }
        RequestWriter.hello(batch, driver.prefix() + exchange.number);
    }

    private long number(@Nullable String token) {
        String prefix = driver.prefix();
        if (token == null || !token.startsWith(prefix)) {
            return NOT_OURS;
        }
        int digits = token.length() - prefix.length();
        if (digits == 0 || digits > MAX_DIGITS || (digits > 1 && token.charAt(prefix.length()) == '0')) {
            return NOT_OURS;
        }
        long number = 0;
        for (int i = prefix.length(); i < token.length(); i++) {
            char digit = token.charAt(i);
            if (digit < '0' || digit > '9') {
                return NOT_OURS;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }
}

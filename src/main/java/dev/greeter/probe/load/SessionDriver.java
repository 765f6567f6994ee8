package dev.greeter.probe.load;

import dev.greeter.probe.measure.Scenario;
import dev.greeter.protocol.Wire;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The session mode: a number of persistent connections, of which each tick takes the next, so that what is due together
 * goes out in one write. A connection that ended is replaced when an exchange needs it.
 */
final class SessionDriver extends Driver {
    /** Lines unanswered on one connection, beyond which exchanges wait. */
    private static final int MAX_UNANSWERED = 4_096;

    /** The same in a closed loop: enough for any round trip, and little enough to measure one. */
    private static final int CLOSED_LOOP_UNANSWERED = 128;

    /** Before a connection in place of one that said {@code Bye} and answered nothing: a drain is no reason to storm. */
    private static final Duration MOVE_DELAY = Duration.ofMillis(50);

    /** So many of the newest exchanges are remembered with the connection that asked them. */
    private static final int REMEMBERED = 65_536;

    private final String prefix;
    private final @Nullable SessionConnection[] slots;
    private final Set<SessionConnection> retired = new HashSet<>();
    private final int[] askedBy = new int[REMEMBERED];
    private long newest = -1;
    private int lastId;
    private int next;

    /** @param run starts every token, so that an answer to someone else's is detected */
    SessionDriver(
            Scenario scenario,
            ContextInternal context,
            Connector connector,
            Duration timeout,
            int connections,
            String run) {
        super(scenario, context, connector, timeout);
        this.prefix = run + "-";
        this.slots = new @Nullable SessionConnection[connections];
        if (prefix.length() + String.valueOf(Long.MAX_VALUE).length() > Wire.MAX_TOKEN_OCTETS) {
            throw new IllegalArgumentException("a run's name has at most 44 octets");
        }
    }

    @Override
    boolean begin(PendingExchange exchange) {
        int limit = isOpenLoop() ? MAX_UNANSWERED : CLOSED_LOOP_UNANSWERED;
        for (int i = 0; i < slots.length; i++) {
            SessionConnection connection = slots[next];
            if (connection == null) {
                connection = connect(next);
            }
            if (connection.unanswered() < limit) {
                connection.ask(exchange);
                return true;
            }
            next = (next + 1) % slots.length;
        }
        return false;
    }

    @Override
    void flush() {
        for (SessionConnection connection : slots) {
            if (connection != null) {
                connection.flush();
            }
        }
        next = (next + 1) % slots.length;
    }

    @Override
    void sweep(long nowNanos) {
        for (SessionConnection connection : slots) {
            if (connection != null) {
                connection.sweep(nowNanos);
            }
        }
        List.copyOf(retired).forEach(connection -> connection.sweep(nowNanos));
    }

    @Override
    void closeConnections() {
        for (SessionConnection connection : slots) {
            if (connection != null) {
                connection.close();
            }
        }
        retired.forEach(SessionConnection::close);
    }

    String prefix() {
        return prefix;
    }

    /** An exchange is a connection's; a moved one becomes the next one's. */
    void asked(long number, SessionConnection connection) {
        newest = Math.max(newest, number);
        if (isRemembered(number)) {
            askedBy[index(number)] = connection.id;
        }
    }

    /**
     * Whether a connection may have asked an exchange. One that is too old to be remembered counts as asked: its answer is no
     * other's in any case.
     *
     * @param number negative for none
     */
    boolean hasAsked(long number, SessionConnection connection) {
        return number >= 0 && number <= newest && (!isRemembered(number) || askedBy[index(number)] == connection.id);
    }

    private boolean isRemembered(long number) {
        return number > newest - REMEMBERED;
    }

    private static int index(long number) {
        return Math.toIntExact(number % REMEMBERED);
    }

    /** It gets no more lines, but may answer those it has. */
    void retire(SessionConnection connection) {
        if (slots[connection.slot] == connection) {
            slots[connection.slot] = null;
            retired.add(connection);
        }
    }

    boolean isRetired(SessionConnection connection) {
        return retired.contains(connection);
    }

    /** The connection is over. */
    void gone(SessionConnection connection) {
        retire(connection);
        retired.remove(connection);
    }

    /** A server said {@code Bye}: it has not read the lines that it has not answered. */
    void move(SessionConnection from, List<PendingExchange> unanswered) {
        gone(from);
        tally().moved(unanswered.size());
        if (unanswered.isEmpty()) {
            return;
        }
        SessionConnection to = slots[from.slot];
        if (to == null) {
            to = from.hasAnswered() ? connect(from.slot) : connectLater(from.slot);
        }
        SessionConnection connection = to;
        unanswered.forEach(connection::ask);
        connection.flush();
    }

    private SessionConnection connect(int slot) {
        SessionConnection connection = new SessionConnection(this, slot, ++lastId);
        slots[slot] = connection;
        connection.connect();
        return connection;
    }

    private SessionConnection connectLater(int slot) {
        SessionConnection connection = new SessionConnection(this, slot, ++lastId);
        slots[slot] = connection;
        after(MOVE_DELAY, connection::connect);
        return connection;
    }
}

package dev.greeter.http.bridge;

import dev.greeter.json.JsonText;
import java.util.IdentityHashMap;

/**
 * The bodies of replies that wait for their clients to read, of all clients of a server instance. A body that several wait for counts once,
 * and all together have a part of the heap. Used by its verticle's context only.
 */
final class UnsentText {
    private static final int PART_OF_THE_HEAP = 16;

    /** A body may be kept as it is, and as it stands within a string. */
    private static final int FORMS = 2;

    private final long maxOctets;
    private final IdentityHashMap<JsonText, Integer> waiting = new IdentityHashMap<>();
    private long octets;

    UnsentText() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP);
    }

    UnsentText(long maxOctets) {
        this.maxOctets = maxOctets;
    }

    /** Keeps a body for one reply more; returns false if there is no room for it. */
    boolean keep(JsonText body) {
        boolean isNew = !waiting.containsKey(body);
        if (isNew && octets + size(body) > maxOctets) {
            return false;
        }
        octets += isNew ? size(body) : 0;
        waiting.merge(body, 1, Integer::sum);
        return true;
    }

    /** Gives back what one reply has kept. */
    void release(JsonText body) {
        if (waiting.merge(body, -1, Integer::sum) == 0) {
            waiting.remove(body);
            octets -= size(body);
        }
    }

    private static long size(JsonText body) {
        return (long) FORMS * body.octets().length();
    }
}

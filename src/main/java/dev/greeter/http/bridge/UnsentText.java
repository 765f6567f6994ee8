package dev.greeter.http.bridge;

import dev.greeter.json.JsonText;
import java.util.HashMap;
import java.util.Map;

/**
 * The bodies of replies that wait for their clients to read, of all clients of the node. A body that several wait for in one form counts
 * once, and all together have a part of the heap. Thread-safe.
 */
final class UnsentText {
    private static final int PART_OF_THE_HEAP = 16;

    private final long maxOctets;
    private final Map<Form, Integer> waiting = new HashMap<>();
    private long octets;

    /** A body as clients of one kind get it. Each body is its own, whatever its text. */
    private record Form(JsonText body, BridgeFraming framing) {
        /** Of the body and of its form. */
        private long size() {
            return (long) body.octets().length() + framing.length(body);
        }
    }

    UnsentText() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP);
    }

    UnsentText(long maxOctets) {
        this.maxOctets = maxOctets;
    }

    /** Keeps a body for one reply more; returns false if there is no room for it. */
    synchronized boolean keep(JsonText body, BridgeFraming framing) {
        Form form = new Form(body, framing);
        if (!waiting.containsKey(form)) {
            if (octets + form.size() > maxOctets) {
                return false;
            }
            octets += form.size();
        }
        waiting.merge(form, 1, Integer::sum);
        return true;
    }

    /** Gives back what one reply has kept. */
    synchronized void release(JsonText body, BridgeFraming framing) {
        Form form = new Form(body, framing);
        if (waiting.merge(form, -1, Integer::sum) == 0) {
            waiting.remove(form);
            octets -= form.size();
        }
    }
}

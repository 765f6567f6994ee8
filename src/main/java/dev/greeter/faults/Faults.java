package dev.greeter.faults;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The faults of one server, shared by all of its instances. They are spread evenly and never drawn by lot: of a thousand
 * exchanges 10 % hit exactly a hundred, and of several faults each hits as many as it says. Thread-safe.
 */
public final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private final String server;

    /** Null while there is none, so that an exchange pays for no more than the reading of a field. */
    private volatile @Nullable List<ActiveFault> active;

    /** What the exchanges that no fault hits are owed. */
    private int spareSteps;

    /** @param server its name, for the log */
    public Faults(String server) {
        this.server = server;
    }

    /** Whether there are any, over by now or not. */
    public boolean areThere() {
        return active != null;
    }

    /** What hits the exchange that is to be answered now; null if nothing does. To be asked once for each. */
    public @Nullable ActiveFault next() {
        return areThere() ? spread() : null;
    }

    /** Those that are not over, the oldest first. */
    public synchronized List<ActiveFault> active() {
        dropOver();
        List<ActiveFault> faults = active;
        return faults == null ? List.of() : faults;
    }

    /** How many percent of the exchanges no fault hits. */
    public double roomPercent() {
        int taken = active().stream().mapToInt(fault -> fault.fault().steps()).sum();
        return (double) (Fault.ALL_STEPS - taken) / Fault.STEPS_A_PERCENT;
    }

    /**
     * Begins it.
     *
     * @throws IllegalArgumentException if there is no room for it
     */
    public synchronized ActiveFault add(Fault fault) {
        if (fault.percent() > roomPercent()) {
            throw new IllegalArgumentException("there is room for " + roomPercent() + " percent");
        }
        ActiveFault added = new ActiveFault(fault);
        List<ActiveFault> faults = new ArrayList<>(active());
        faults.add(added);
        change(faults);
        LOG.atWarn()
                .addKeyValue("server", server)
                .addKeyValue("kind", fault.kind().label())
                .addKeyValue("percent", fault.percent())
                .addKeyValue("until", added.endsAt())
                .log("fault added");
        return added;
    }

    /** Ends all of them. */
    public synchronized void end() {
        active().forEach(ActiveFault::end);
        dropOver();
    }

    /**
     * Who is owed most gets it, and then owes as much as there was to share out: smooth weighted round-robin, in which
     * being spared is one of the shares.
     */
    private synchronized @Nullable ActiveFault spread() {
        int steps = 0;
        int most = Integer.MIN_VALUE;
        ActiveFault next = null;
        for (ActiveFault fault : active()) {
            steps += fault.fault().steps();
            int owed = fault.owe();
            if (owed > most) {
                most = owed;
                next = fault;
            }
        }
        spareSteps += Fault.ALL_STEPS - steps;
        if (next == null || spareSteps >= most) {
            spareSteps -= Fault.ALL_STEPS;
            return null;
        }
        next.take();
        return next;
    }

    private void change(List<ActiveFault> faults) {
        active = faults.isEmpty() ? null : List.copyOf(faults);
        faults.forEach(ActiveFault::forget);
        spareSteps = 0;
    }

    private void dropOver() {
        List<ActiveFault> faults = active;
        if (faults == null) {
            return;
        }
        List<ActiveFault> over = faults.stream().filter(ActiveFault::isOver).toList();
        if (over.isEmpty()) {
            return;
        }
        List<ActiveFault> left = new ArrayList<>(faults);
        left.removeAll(over);
        change(left);
        over.forEach(fault -> LOG.atWarn()
                .addKeyValue("server", server)
                .addKeyValue("kind", fault.kind().label())
                .addKeyValue("injected", fault.injected())
                .log("fault over"));
    }
}

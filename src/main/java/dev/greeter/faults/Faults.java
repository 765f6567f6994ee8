package dev.greeter.faults;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The faults of one server, shared by all of its instances. They are spread evenly and never drawn by lot: a fault
 * of 10 % hits exactly a hundred of a thousand exchanges, also where there are several faults. Thread-safe.
 */
public final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private final String server;

    /** Null while there is none, so that an exchange costs no more than one read of a field. */
    private volatile @Nullable List<ActiveFault> active;

    /** The steps that are owed to exchanges without a fault. */
    private int spareSteps;

    /** @param server its name, for the log */
    public Faults(String server) {
        this.server = server;
    }

    /** Whether there are any, over by now or not. */
    public boolean areThere() {
        return active != null;
    }

    /** Returns the fault of the exchange that is answered now, null if it has none. Has to be called once for each exchange. */
    public @Nullable ActiveFault next() {
        return areThere() ? spread() : null;
    }

    /** The faults that are not over, the oldest first. */
    public synchronized List<ActiveFault> active() {
        dropOver();
        List<ActiveFault> faults = active;
        return faults == null ? List.of() : faults;
    }

    /** The percentage of exchanges that no fault hits. */
    public double roomPercent() {
        int taken = active().stream().mapToInt(fault -> fault.fault().steps()).sum();
        return (double) (Fault.ALL_STEPS - taken) / Fault.STEPS_A_PERCENT;
    }

    /**
     * Begins a fault.
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
     * Smooth weighted round-robin. Every exchange adds each fault's steps to the balance of that fault, and the remaining
     * steps to the balance of exchanges without a fault. The greatest balance gets the exchange, and falls by all steps.
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

    /** Drops those whose time is up, and logs their end. */
    public synchronized void dropOver() {
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

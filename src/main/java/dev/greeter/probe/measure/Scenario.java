package dev.greeter.probe.measure;

/** One mode at one target: it runs side by side with the others, and each report has a line for it. */
public record Scenario(Mode mode, Target target) {
    /** The mode and the target, as a report names them. */
    public String name() {
        return mode.label() + " at " + target.name();
    }
}

package dev.greeter.config;

import java.util.Objects;

/** The version of the jar that runs. */
public final class Version {
    private Version() {}

    /** From the jar's manifest; {@code development} without a jar. */
    public static String number() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }
}

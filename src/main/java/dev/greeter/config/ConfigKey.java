package dev.greeter.config;

import dev.greeter.config.value.Durations;
import dev.greeter.config.value.Origin;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * States a key that an operator may set. It stands at the component of {@link Config} that holds the key's value; the
 * path of that component, such as {@code greeting.port}, is the key's name. {@link Keys} derives all the rest.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface ConfigKey {
    /** How a value is written, and which values are allowed. */
    Type type();

    /** The default, as an operator would write it. */
    String byDefault() default "";

    /** The least value that is allowed, as an operator would write it. */
    String min() default "";

    /** The greatest value that is allowed, as an operator would write it. */
    String max() default "";

    /** Whether the key can change while the service runs. */
    boolean live() default false;

    /** Instances, numbers, durations and sizes need a least and a greatest value. */
    enum Type {
        /** A word of printable characters. */
        NAME,
        /** A text that is never shown. Empty for none. */
        SECRET,
        /** The path of a file, which is looked for when it is needed. Empty for none. */
        PATH,
        /** A name or an address, kept in its canonical form. */
        HOST,
        /** The same, or empty for none. */
        HOST_OR_NOTHING,
        /** A list of {@code host:port}. */
        HOSTS_AND_PORTS,
        /** A list of {@link Origin}s. */
        ORIGINS,
        /** A list of blocks of addresses. */
        ADDRESS_BLOCKS,
        /** A list of the DNS names and URIs that certificates have. */
        CERTIFICATE_NAMES,
        /** A port of this machine. */
        PORT,
        /** A number, or {@code auto} for one for each two cores. */
        INSTANCES,
        /** A whole number. */
        NUMBER,
        /** As {@link Durations} has it. */
        DURATION,
        /** In octets, written in KiB or MiB. */
        SIZE,
        /** True or false. */
        FLAG,
        /** One of the constants of the component's type, in any case. */
        CHOICE
    }
}

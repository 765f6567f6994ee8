/**
 * The probe: exchanges on a schedule, every loss by its name, and the report of both. May import the JDK, Vert.x, Netty's
 * buffers, channels and HTTP codec, HdrHistogram, Prometheus's formats, and of Greeter {@code protocol}, {@code bus},
 * {@code config} and {@code client}.
 */
@NullMarked
package dev.greeter.probe;

import org.jspecify.annotations.NullMarked;

/**
 * What the servers share: the time by which they judge their peers. May import none of ours.
 */
@NullMarked
package dev.greeter.net;

import org.jspecify.annotations.NullMarked;

/**
 * What the servers share: the port that instances listen on and its orderly end, the time by which they judge their peers, and
 * the addresses of both. May import {@code config}.
 */
@NullMarked
package dev.greeter.net;

import org.jspecify.annotations.NullMarked;

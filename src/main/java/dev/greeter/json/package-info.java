/**
 * Reads JSON that anyone may have written, on a server or a client, and keeps JSON that many get. May import the JDK, Jackson's parser and
 * Vert.x's JSON.
 */
@NullMarked
package dev.greeter.json;

import org.jspecify.annotations.NullMarked;

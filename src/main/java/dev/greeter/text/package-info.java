/** Says which characters of a text from elsewhere may be shown as they are. May import the JDK only. */
@NullMarked
package dev.greeter.text;

import org.jspecify.annotations.NullMarked;

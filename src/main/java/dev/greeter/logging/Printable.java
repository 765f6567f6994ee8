package dev.greeter.logging;

/**
 * The characters that a line may have as they are. Text that clients send must not end a line, control a terminal, or change the
 * direction in which the rest of the line is read.
 */
final class Printable {
    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_OF_ASCII = '~';

    private Printable() {}

    static boolean is(int character) {
        if (character <= LAST_OF_ASCII) {
            return character >= FIRST_PRINTABLE;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}

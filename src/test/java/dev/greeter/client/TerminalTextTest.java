package dev.greeter.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTextTest {
    @Test
    void quotesUpToSixtyCharacters() {
        assertThat(TerminalText.quoted("x".repeat(60))).isEqualTo('"' + "x".repeat(60) + '"');
        assertThat(TerminalText.quoted("x".repeat(61))).isEqualTo('"' + "x".repeat(60) + "\"...");
        // what is escaped counts once
        assertThat(TerminalText.quoted("\n".repeat(61))).isEqualTo('"' + "\\n".repeat(60) + "\"...");
    }

    @Test
    void isBriefInThreeHundred() {
        assertThat(TerminalText.brief("x".repeat(300))).isEqualTo("x".repeat(300));
        assertThat(TerminalText.brief("x".repeat(100_000))).isEqualTo("x".repeat(300) + "...");
    }

    /** Escape sequences, their eight-bit form, line ends of all kinds, changes of direction, and halves of a pair. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[2J",
                "\u009b2J",
                "\u0007",
                "\u007f",
                "\r\n",
                "\u0085",
                "\u2028",
                "\u202e",
                "\u2066",
                "\ufeff",
                "\ud83d",
                "\ude00",
                "\udb40\udc41"
            })
    void hasNothingThatATerminalObeys(String text) {
        assertThat(TerminalText.quoted(text)).matches("[ -~]+");
        assertThat(TerminalText.brief(text)).matches("[ -~]+");
        assertThat(TerminalText.json('"' + text + '"').replace("\n", "")).matches("[ -~]+");
        assertThat(TerminalText.lines("a" + text).replace("\n", "")).matches("[ -~]+");
    }

    @Test
    void keepsTextInAnyLanguageInLines() {
        String text = "Grüße\t世界\n😀";
        assertThat(TerminalText.lines(text)).isEqualTo(text);
    }

    @Test
    void keepsAllOfAscii() {
        String ascii =
                IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).reduce("", String::concat);
        assertThat(TerminalText.visible(ascii)).isEqualTo(ascii);
        assertThat(TerminalText.json(ascii)).isEqualTo(ascii);
    }
}

package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RawArgumentsTest {
    private static final byte[] COMMAND_LINE = "java\0-jar\0greeter.jar\0get\0/ü\0\0".getBytes(UTF_8);

    @Test
    void readsTheLastWordsOfTheCommandLine() {
        assertThat(RawArguments.arguments(new String[] {"get", "/\ufffd\ufffd", ""}, COMMAND_LINE))
                .containsExactly("get", "/ü", "");
    }

    @Test
    void keepsWhatIsLongerThanTheCommandLine() {
        String[] arguments = {"1", "2", "3", "4", "5", "6", "7"};
        assertThat(RawArguments.arguments(arguments, COMMAND_LINE)).isSameAs(arguments);
    }

    @Test
    void keepsWhatTheJdkCouldDecode() {
        String[] arguments = {"get", "/ü"};
        assertThat(RawArguments.arguments(arguments)).isSameAs(arguments);
    }
}

package dev.greeter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpecificationTest {
    private static final String INDENT = "    ";

    @Test
    void showsGoldenExamplesToTheOctet() throws IOException {
        List<String> golden = new ArrayList<>();
        for (WireExample example : WireExample.all()) {
            golden.add(Files.readString(WireExample.FOLDER.resolve(example.name() + ".wire")));
        }
        List<String> shown = examples(Files.readAllLines(Path.of("src/docs/protocol.md")));
        assertThat(shown).hasSizeGreaterThan(10).isSubsetOf(golden);
    }

    @Test
    void hasAnExampleOfEveryErrorCode() throws IOException {
        String specification = Files.readString(Path.of("src/docs/protocol.md"));
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(specification)
                    .contains("| `" + code.word() + "` |")
                    .contains("S: ")
                    .contains("Error " + code.word());
        }
    }

    /** The page's indented blocks. */
    private static List<String> examples(List<String> lines) {
        List<String> examples = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith(INDENT)) {
                block.append(line.substring(INDENT.length())).append('\n');
            } else if (block.length() > 0) {
                examples.add(block.toString());
                block.setLength(0);
            }
        }
        return examples;
    }
}

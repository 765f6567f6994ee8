package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A golden example of {@code src/test/resources/wire/}: what each side says, to the octet, in order. A line is
 * {@code C: octets}, {@code S: octets} or {@code C ends}, {@code S ends}; {@code \n}, {@code \r}, {@code \\} and
 * {@code \xNN} stand for octets.
 */
public record WireExample(String name, List<Step> steps) {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(n|r|\\\\|x[0-9a-f]{2})");

    public static final Path FOLDER = Path.of("src/test/resources/wire");

    /** One side says something, a character an octet, or half-closes if that is empty. */
    public record Step(boolean client, String said) {
        public boolean ends() {
            return said.isEmpty();
        }

        public byte[] octets() {
            return said.getBytes(ISO_8859_1);
        }
    }

    public static WireExample load(String name) {
        try {
            List<Step> steps = new ArrayList<>();
            for (String line : Files.readAllLines(FOLDER.resolve(name + ".wire"))) {
                boolean ends = line.endsWith(" ends");
                steps.add(new Step(line.startsWith("C"), ends ? "" : unescape(line.substring("C: ".length()))));
            }
            return new WireExample(name, steps);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<WireExample> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString().replace(".wire", ""))
                    .sorted()
                    .map(WireExample::load)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that one side says. */
    public byte[] said(boolean byClient) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        steps.stream().filter(step -> step.client() == byClient).forEach(step -> said.writeBytes(step.octets()));
        return said.toByteArray();
    }

    public boolean ends(boolean ofClient) {
        return steps.stream().anyMatch(step -> step.client() == ofClient && step.ends());
    }

    private static String unescape(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape -> Matcher.quoteReplacement(
                        switch (escape.group(1).charAt(0)) {
                            case 'n' -> "\n";
                            case 'r' -> "\r";
                            case 'x' ->
                                String.valueOf(
                                        (char) Integer.parseInt(escape.group(1).substring(1), 16));
                            default -> escape.group(1);
                        }));
    }

    @Override
    public String toString() {
        return name;
    }

    /** Octets as text in a failure's message. */
    public static String text(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }
}

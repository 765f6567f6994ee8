package dev.greeter.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The inputs that are kept for a target: {@code src/test/resources/fuzz/TARGET.txt} has one in each line, with other octets than
 * visible ASCII and blanks as in {@code src/docs/protocol.md}.
 */
record Corpus(Path file) {
    private static final Path FOLDER = Path.of("src/test/resources/fuzz");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|(.))");

    static Corpus of(FuzzTarget target) {
        return new Corpus(FOLDER.resolve(target.label() + ".txt"));
    }

    List<byte[]> inputs() {
        try {
            return Files.readAllLines(file, US_ASCII).stream()
                    .map(line -> unescape(line).getBytes(ISO_8859_1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes each input into a file of its own, as Jazzer reads them. */
    void unpack(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<byte[]> inputs = inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(folder.resolve("kept-" + i), inputs.get(i));
        }
    }

    /** Keeps the inputs in these files, and no others. */
    void keep(Path folder) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path input : files.toList()) {
                lines.add(escape(Files.readAllBytes(input)));
            }
        }
        Files.write(file, lines, US_ASCII);
    }

    static String escape(byte[] octets) {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : octets) {
            switch (octet) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\\' -> escaped.append("\\\\");
                default -> {
                    if (octet >= ' ' && octet <= '~') {
                        escaped.append((char) octet);
                    } else {
                        escaped.append(String.format("\\x%02x", octet));
                    }
                }
            }
        }
        return escaped.toString();
    }

    private static String unescape(String line) {
        return ESCAPE.matcher(line)
                .replaceAll(escape -> Matcher.quoteReplacement(
                        escape.group(1) != null
                                ? String.valueOf((char) Integer.parseInt(escape.group(1), 16))
                                : switch (escape.group(2)) {
                                    case "n" -> "\n";
                                    case "r" -> "\r";
                                    default -> escape.group(2);
                                }));
    }
}

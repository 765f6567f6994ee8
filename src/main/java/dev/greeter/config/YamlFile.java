package dev.greeter.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file as a source of settings. {@code http.port: 80} is the same as {@code port: 80} under {@code http:}. */
final class YamlFile {
    private static final int MAX_OCTETS = 1 << 20;
    /** A section, a key and what does not belong under it; an alias may refer to what holds it. */
    private static final int MAX_DEPTH = 3;

    private final String name;
    private final Consumer<String> problems;
    private final List<Setting> settings = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();

    private YamlFile(String name, Consumer<String> problems) {
        this.name = name;
        this.problems = problems;
    }

    /**
     * @param origin who named the file
     * @param problems takes a line for each thing wrong
     */
    static List<Setting> read(Path file, String origin, Consumer<String> problems) {
        YamlFile yaml = new YamlFile(file.toString(), problems);
        try {
            yaml.parse(text(file));
        } catch (IOException e) {
            problems.accept(Setting.visible(origin) + ": " + Setting.visible(yaml.name) + " cannot be read: "
                    + reason(file, e));
        }
        return yaml.settings;
    }

    /** What it says, not yet understood. */
    static ByteBuffer octets(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            if (octets.length > MAX_OCTETS) {
                throw new IOException("it is larger than " + MAX_OCTETS + " octets");
            }
            return ByteBuffer.wrap(octets);
        }
    }

    private static String text(Path file) throws IOException {
        String text = StandardCharsets.UTF_8.newDecoder().decode(octets(file)).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static String reason(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof CharacterCodingException
                ? "it is not UTF-8"
                : Setting.visible(String.valueOf(e.getMessage()));
    }

    private void parse(String text) {
        try {
            new Compose(LoadSettings.builder().setLabel(name).build())
                    .composeString(text)
                    .ifPresent(this::document);
        } catch (MarkedYamlEngineException e) {
            syntax(e.getProblemMark().map(Mark::getLine).orElse(0), e.getProblem());
        } catch (ReaderException e) {
            int line = (int) text.codePoints()
                    .limit(e.getPosition())
                    .filter(c -> c == '\n')
                    .count();
            syntax(line, String.format("the character U+%04X is not allowed", e.getCodePoint()));
        } catch (YamlEngineException e) {
            syntax(0, String.valueOf(e.getMessage()));
        }
    }

    private void syntax(int line, String problem) {
        problems.accept(at(line) + ": not YAML, " + Setting.visible(problem));
    }

    private void document(Node root) {
        if (root instanceof MappingNode mapping) {
            section("", mapping, MAX_DEPTH);
        } else if (!isNothing(root)) {
            problems.accept(at(line(root)) + ": expected sections of keys and values, such as \"http.port: 8080\"");
        }
    }

    private void section(String prefix, MappingNode mapping, int depth) {
        for (NodeTuple entry : mapping.getValue()) {
            int line = line(entry.getKeyNode());
            String path = prefix + text(entry.getKeyNode());
            Integer first = lines.putIfAbsent(path, line);
            if (first != null) {
                problems.accept(
                        at(line) + ": " + Setting.visible(path) + " is given twice, first in line " + (first + 1));
            } else if (entry.getValueNode() instanceof MappingNode inner && depth > 1) {
                section(path + ".", inner, depth - 1);
            } else if (!isUnset(path, entry.getValueNode())) {
                settings.add(new Setting(path, value(path, entry.getValueNode()), at(line)));
            }
        }
    }

    /** Nothing after a key or a section leaves the defaults, so that what stands under it may be commented out. */
    private static boolean isUnset(String path, Node value) {
        return isNothing(value) && (Keys.named(path).isPresent() || Keys.isSection(path));
    }

    private static String value(String path, Node node) {
        boolean list = Keys.named(path).filter(key -> key.type().list()).isPresent();
        return list && node instanceof SequenceNode sequence
                ? sequence.getValue().stream().map(YamlFile::text).collect(Collectors.joining(","))
                : text(node);
    }

    private static String text(Node node) {
        if (node instanceof ScalarNode scalar) {
            return isNothing(node) ? "" : scalar.getValue();
        }
        // no value of a key holds brackets and blanks, so each refuses this
        return node instanceof SequenceNode ? "[ … ]" : "{ … }";
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0);
    }

    private String at(int line) {
        return Setting.visible(name) + ":" + (line + 1);
    }
}

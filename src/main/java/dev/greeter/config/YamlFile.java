package dev.greeter.config;

import dev.greeter.text.Printable;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads settings from YAML. {@code http.port: 80} is the same as {@code port: 80} under {@code http:}. */
final class YamlFile {
    private static final int MAX_NESTING = 100;
    /** A section, a key, and a wrong section under it. The limit matters because an alias may refer to its own parent. */
    private static final int MAX_DEPTH = 3;

    /** Of keys and values with aliases written out, which a short file may repeat without end. */
    private static final int MAX_CHARACTERS = 1 << 20;

    private final String name;
    private final Consumer<String> problems;
    private final List<Setting> settings = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private int characters;

    /** Ends the reading of a file that is too long with its aliases. */
    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super(null, null, false, false);
        }
    }

    private YamlFile(String name, Consumer<String> problems) {
        this.name = name;
        this.problems = problems;
    }

    /**
     * @param file its path, for the lines
     * @param contents its contents
     * @param origin the source that names the file
     * @param problems takes a line for each problem
     */
    static List<Setting> read(Path file, ConfigFile contents, String origin, Consumer<String> problems) {
        YamlFile yaml = new YamlFile(file.toString(), problems);
        String problem = contents.problem();
        if (problem.isEmpty()) {
            try {
                yaml.parse(contents.text());
            } catch (CharacterCodingException e) {
                problem = "cannot be read: it is not UTF-8";
            }
        }
        if (!problem.isEmpty()) {
            problems.accept(Printable.excerpt(origin) + ": " + Printable.excerpt(yaml.name) + " " + problem);
        }
        return yaml.settings;
    }

    private void parse(String text) {
        try {
            composed(text).ifPresent(this::document);
        } catch (TooLongException tooLong) {
            settings.clear();
            problems.accept(
                    Printable.excerpt(name) + ": larger than " + MAX_CHARACTERS + " characters with its aliases");
        }
    }

    /** Returns the root, or nothing where there is none or the text is not YAML. */
    private Optional<Node> composed(String text) {
        // a key that is no word is refused with its line, which the parser does not report
        LoadSettings yaml = LoadSettings.builder()
                .setLabel(name)
                .setAllowNonScalarKeys(true)
                .build();
        StreamReader reader = new StreamReader(yaml, text);
        try {
            return isShallow(new ParserImpl(yaml, reader)) ? new Compose(yaml).composeString(text) : Optional.empty();
        } catch (MarkedYamlEngineException e) {
            syntax(
                    e.getProblemMark().map(Mark::getLine).orElse(0),
                    isAliasOrTag(e) ? "a value that begins with * or ! needs quotes" : e.getProblem());
        } catch (ReaderException e) {
            int line = (int) text.codePoints()
                    .limit(e.getPosition())
                    .filter(c -> c == '\n')
                    .count();
            syntax(line, String.format("the character U+%04X is not allowed", e.getCodePoint()));
        } catch (RuntimeException e) {
            // the parser has failed, such as at a number beyond its range
            syntax(reader.getLine(), "it cannot be parsed: " + e.getClass().getSimpleName());
        }
        return Optional.empty();
    }

    /** Of an alias or a tag, which is perhaps a secret without its quotes, the parser's words show a part. */
    private static boolean isAliasOrTag(MarkedYamlEngineException e) {
        return !(e instanceof ScannerException)
                && e.getProblemMark()
                        .filter(mark -> mark.getPointer() < mark.getBuffer().length)
                        .map(mark -> mark.getBuffer()[mark.getPointer()])
                        .filter(first -> first == '*' || first == '!')
                        .isPresent();
    }

    /** Whether the nesting is bounded: composing a deeper file would overflow the stack. */
    private boolean isShallow(Iterator<Event> events) {
        int depth = 0;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > MAX_NESTING) {
                syntax(event.getStartMark().map(Mark::getLine).orElse(0), "nested more than " + MAX_NESTING + " deep");
                return false;
            }
        }
        return true;
    }

    private void syntax(int line, String problem) {
        problems.accept(at(line) + ": not YAML, " + Printable.excerpt(problem));
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
            if (!(entry.getKeyNode() instanceof ScalarNode)) {
                problems.accept(at(line) + ": a key is a list or a section; allowed: a word, such as port");
                continue;
            }
            String path = counted(prefix) + text(entry.getKeyNode());
            Integer first = lines.putIfAbsent(path, line);
            if (first != null) {
                problems.accept(
                        at(line) + ": " + Printable.excerpt(path) + " is given twice, first in line " + (first + 1));
            } else if (entry.getValueNode() instanceof MappingNode inner && depth > 1 && !isSecret(path)) {
                section(path + ".", inner, depth - 1);
            } else if (!isUnset(path, entry.getValueNode())) {
                settings.add(new Setting(path, value(path, entry.getValueNode()), at(line)));
            }
        }
    }

    /** A key or section without a value keeps the defaults, so that all lines under a section may be commented out. */
    private static boolean isUnset(String path, Node value) {
        return isNothing(value) && (Keys.named(path).isPresent() || Keys.isSection(path));
    }

    /** Whether a section in its place may be a secret in braces, which would be shown as a key. */
    private static boolean isSecret(String path) {
        return Keys.named(path).filter(key -> key.type().secret()).isPresent();
    }

    private String value(String path, Node node) {
        boolean list = Keys.named(path).filter(key -> key.type().list()).isPresent();
        return list && node instanceof SequenceNode sequence
                ? sequence.getValue().stream().map(this::text).collect(Collectors.joining(","))
                : text(node);
    }

    private String text(Node node) {
        if (node instanceof ScalarNode scalar) {
            return counted(isNothing(node) ? "" : scalar.getValue());
        }
        // no key allows a value with brackets and blanks, so each refuses this
        return node instanceof SequenceNode ? "[ … ]" : "{ … }";
    }

    private String counted(String text) {
        characters += text.length() + 1;
        if (characters > MAX_CHARACTERS) {
            throw new TooLongException();
        }
        return text;
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0);
    }

    private String at(int line) {
        return Printable.excerpt(name) + ":" + (line + 1);
    }
}

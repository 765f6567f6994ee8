package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of a few words, and lists them for help and completion. */
public abstract class LabelConverter<T> implements ITypeConverter<T>, Iterable<String> {
    private final Map<String, T> words;

    public LabelConverter(T[] values, Function<T, String> word) {
        words = Arrays.stream(values)
                .collect(Collectors.toMap(word, Function.identity(), (a, b) -> b, LinkedHashMap::new));
    }

    @Override
    public T convert(String text) {
        T value = words.get(text);
        if (value == null) {
            throw new TypeConversionException(
                    TerminalText.quoted(text) + " is none of " + String.join(", ", words.keySet()));
        }
        return value;
    }

    @Override
    public Iterator<String> iterator() {
        return words.keySet().iterator();
    }
}

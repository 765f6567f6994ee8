package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a file's path. */
public final class PathConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("the file's name is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(TerminalText.quoted(text)
                    + " is no file's name in this locale; one beyond ASCII needs a locale such as LC_ALL=C.UTF-8");
        }
    }
}

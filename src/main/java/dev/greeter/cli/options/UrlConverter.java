package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import dev.greeter.client.Url;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a URL; without a scheme it is {@code http}. */
public final class UrlConverter implements ITypeConverter<Url> {
    /** A password must not be in a log. */
    private static final Pattern USER = Pattern.compile("(^|//)[^/?#]*@");

    @Override
    public Url convert(String text) {
        try {
            return Url.parse(text);
        } catch (IllegalArgumentException e) {
            String shown = USER.matcher(text).replaceFirst("$1***@");
            throw new TypeConversionException(
                    TerminalText.quoted(shown) + " is not a URL such as http://localhost:8080/: " + e.getMessage());
        }
    }
}

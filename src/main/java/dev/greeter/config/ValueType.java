package dev.greeter.config;

import dev.greeter.config.value.AddressBlock;
import dev.greeter.config.value.Durations;
import dev.greeter.config.value.HostPort;
import dev.greeter.config.value.Origin;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the text of a key is read, and which values are allowed.
 *
 * @param allowed what is allowed, as an error line says it
 * @param reads from the text to a value, or to nothing where the text is no such value
 * @param allows whether a value is allowed
 * @param shown from a value back to its text
 * @param list whether a YAML sequence may stand for it
 * @param secret whether its values are never shown
 */
record ValueType<T>(
        String allowed,
        Function<String, Optional<T>> reads,
        Predicate<T> allows,
        Function<T, String> shown,
        boolean list,
        boolean secret) {
    static final String AUTO = "auto";

    /** What is shown of a secret. */
    static final String MASK = "***";

    /** The beginning of a certificate or a key, which is no file's path. */
    static final String PEM = "-----BEGIN ";

    /** A default that makes the port obligatory. */
    private static final int NO_PORT = 0;

    private static final Pattern CERTIFICATE_NAME =
            Pattern.compile("[\\w-]+(\\.[\\w-]+)*|[A-Za-z][A-Za-z0-9+.-]*:[!-~&&[^,]]+");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,7})(KiB|MiB)");
    private static final int KIB_SHIFT = 10;
    private static final int MIB_SHIFT = 20;

    private ValueType(
            String allowed, Function<String, Optional<T>> reads, Predicate<T> allows, Function<T, String> shown) {
        this(allowed, reads, allows, shown, false, false);
    }

    Optional<T> read(String text) {
        return reads.apply(text).filter(allows);
    }

    /** @param component the type of the component that holds the value */
    static ValueType<?> of(ConfigKey key, Class<?> component) {
        return switch (key.type()) {
            case NAME -> text("1 to 63 printable ASCII characters without blanks", "[!-~]{1,63}");
            case SECRET -> secret("8 to 128 printable ASCII characters without blanks, or nothing", "|[!-~]{8,128}");
            case PATH -> text("a file's path or nothing", "(?!" + PEM + ")\\P{Cntrl}{0,4096}");
            case HOST -> host("a host name or an address", ValueType::host);
            case HOST_OR_NOTHING ->
                host("a host name, an address or nothing", text -> text.isEmpty() ? Optional.of(text) : host(text));
            case HOSTS_AND_PORTS -> list("host:port, with commas between several", ValueType::hostAndPort);
            case ORIGINS ->
                list(
                        "https://host or http://host:port, without a path, with commas between several",
                        text -> Optional.of(text).filter(each -> Origin.of(each).isPresent()));
            case ADDRESS_BLOCKS ->
                list(
                        "an address or a block of addresses, such as 10.0.0.0/8 or fd00::/8, with commas between several",
                        text -> AddressBlock.of(text).map(AddressBlock::toString));
            case CERTIFICATE_NAMES ->
                list(
                        "a DNS name or a URI, such as spiffe://example/client, and no IP address, with commas between several",
                        text -> Optional.of(text).filter(ValueType::isCertificateName));
            case PORT -> number("0", Integer.toString(HostPort.MAX_PORT), " (0 takes a free one)");
            case INSTANCES -> instances(number(key.min(), key.max(), ""), Integer.parseInt(key.max()));
            case NUMBER -> number(key.min(), key.max(), "");
            case DURATION ->
                between(
                        "a duration",
                        key.min(),
                        key.max(),
                        ", such as 500ms, 5s or 2m",
                        Durations::read,
                        Durations::text);
            case SIZE ->
                between("a size", key.min(), key.max(), ", such as 16KiB", ValueType::size, ValueType::sizeText);
            case FLAG ->
                new ValueType<>(
                        "true or false",
                        text -> Stream.of(true, false)
                                .filter(value -> text.equals(value.toString()))
                                .findFirst(),
                        value -> true,
                        String::valueOf);
            case CHOICE -> choice(List.of(component.getEnumConstants()));
        };
    }

    private static ValueType<String> text(String allowed, String pattern) {
        return new ValueType<>(allowed, Optional::of, Pattern.compile(pattern).asMatchPredicate(), Function.identity());
    }

    private static ValueType<String> secret(String allowed, String pattern) {
        ValueType<String> text = text(allowed, pattern);
        return new ValueType<>(allowed, text.reads, text.allows, value -> value.isEmpty() ? value : MASK, false, true);
    }

    /** Kept and shown in its canonical form. */
    private static ValueType<String> host(String allowed, Function<String, Optional<String>> reads) {
        return new ValueType<>(allowed, reads, value -> reads.apply(value).isPresent(), Function.identity());
    }

    private static ValueType<Integer> number(String min, String max, String note) {
        return between("a whole number", min, max, note, ValueType::number, String::valueOf);
    }

    private static ValueType<Integer> instances(ValueType<Integer> number, int max) {
        // both servers together have a loop for each core
        int half = Math.min(Math.max(Runtime.getRuntime().availableProcessors() / 2, 1), max);
        return new ValueType<>(
                AUTO + " (one for each two cores) or " + number.allowed,
                text -> text.equals(AUTO) ? Optional.of(half) : number.read(text),
                number.allows,
                number.shown);
    }

    private static ValueType<Object> choice(List<?> constants) {
        Function<Object, String> text = constant -> constant.toString().toLowerCase(Locale.ROOT);
        return new ValueType<>(
                constants.stream().map(text).collect(Collectors.joining(", ")),
                given -> constants.stream()
                        .filter(constant -> constant.toString().equalsIgnoreCase(given))
                        .findFirst()
                        .map(Object.class::cast),
                constants::contains,
                text);
    }

    private static <T extends Comparable<T>> ValueType<T> between(
            String noun,
            String min,
            String max,
            String note,
            Function<String, Optional<T>> reads,
            Function<T, String> shown) {
        T least = reads.apply(min).orElseThrow();
        T greatest = reads.apply(max).orElseThrow();
        return new ValueType<>(
                noun + " from " + min + " to " + max + note,
                reads,
                value -> value.compareTo(least) >= 0 && value.compareTo(greatest) <= 0,
                shown);
    }

    /** @param element from the text of one to the text that it is kept as, or to nothing where it is not allowed */
    private static ValueType<List<String>> list(String allowed, Function<String, Optional<String>> element) {
        return new ValueType<>(
                allowed,
                text -> elements(text, element),
                elements ->
                        elements.stream().allMatch(each -> element.apply(each).isPresent()),
                elements -> String.join(",", elements),
                true,
                false);
    }

    private static Optional<Integer> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private static Optional<Integer> size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long octets = Long.parseLong(matcher.group(1)) << ("KiB".equals(matcher.group(2)) ? KIB_SHIFT : MIB_SHIFT);
        return octets > Integer.MAX_VALUE ? Optional.empty() : Optional.of((int) octets);
    }

    private static String sizeText(int octets) {
        int mebibytes = octets >> MIB_SHIFT;
        return mebibytes << MIB_SHIFT == octets ? mebibytes + "MiB" : (octets >> KIB_SHIFT) + "KiB";
    }

    /** An IPv6 address with or without brackets, because no port follows; kept without. */
    private static Optional<String> host(String text) {
        boolean bare = text.contains(":") && !text.startsWith("[");
        return valid(() -> HostPort.host(bare ? "[" + text + "]" : text));
    }

    private static Optional<String> hostAndPort(String text) {
        return valid(() -> HostPort.parse(text, NO_PORT).toString());
    }

    /** An address would never be compared, and so let in nobody. */
    private static boolean isCertificateName(String text) {
        return CERTIFICATE_NAME.matcher(text).matches() && AddressBlock.of(text).isEmpty();
    }

    private static Optional<String> valid(Supplier<String> text) {
        try {
            return Optional.of(text.get());
        } catch (IllegalArgumentException invalid) {
            return Optional.empty();
        }
    }

    private static Optional<List<String>> elements(String text, Function<String, Optional<String>> element) {
        if (text.isBlank()) {
            return Optional.of(List.of());
        }
        List<String> elements = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(element)
                .flatMap(Optional::stream)
                .toList();
        return elements.size() == text.chars().filter(c -> c == ',').count() + 1
                ? Optional.of(elements)
                : Optional.empty();
    }
}

package dev.greeter.config;

import java.time.Duration;
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

/**
 * How the text of a key is read, and what it may be.
 *
 * @param allowed what is allowed, as an error line says it
 * @param reads from the text to a value, or to nothing where the text is no such value
 * @param allows whether a value is one of the allowed
 * @param shown from a value back to its text
 * @param list whether a YAML sequence may stand for it
 * @param secret whether its values are told to nobody
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

    private static final int MAX_INSTANCES = 256;
    private static final int MAX_PORT = 65535;

    /** A default that makes the port obligatory. */
    private static final int NO_PORT = 0;

    private static final int MAX_PATH_CHARACTERS = 4_096;
    private static final Pattern SECRET = Pattern.compile("[!-~]{8,128}");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,7})(KiB|MiB)");
    private static final int KIB_SHIFT = 10;
    private static final int MIB_SHIFT = 20;

    private ValueType(
            String allowed,
            Function<String, Optional<T>> reads,
            Predicate<T> allows,
            Function<T, String> shown,
            boolean list) {
        this(allowed, reads, allows, shown, list, false);
    }

    Optional<T> read(String text) {
        return reads.apply(text).filter(allows);
    }

    /** @param allowed what the pattern means */
    static ValueType<String> text(String allowed, Pattern pattern) {
        return new ValueType<>(allowed, Optional::of, pattern.asMatchPredicate(), Function.identity(), false);
    }

    static ValueType<String> secretOrNothing() {
        return new ValueType<>(
                "8 to 128 printable ASCII characters without blanks, or nothing",
                Optional::of,
                Pattern.compile("|" + SECRET).asMatchPredicate(),
                value -> value.isEmpty() ? value : MASK,
                false,
                true);
    }

    static ValueType<String> host() {
        return host("a host name or an address", ValueType::hostText);
    }

    static ValueType<String> hostOrNothing() {
        return host("a host name, an address or nothing", text -> text.isEmpty() ? Optional.of(text) : hostText(text));
    }

    /** Kept and shown in its canonical form. */
    private static ValueType<String> host(String allowed, Function<String, Optional<String>> reads) {
        return new ValueType<>(allowed, reads, value -> reads.apply(value).isPresent(), Function.identity(), false);
    }

    /** A file's, which is looked for when it is needed. */
    static ValueType<String> pathOrNothing() {
        return text("a file's path or nothing", Pattern.compile("\\P{Cntrl}{0," + MAX_PATH_CHARACTERS + "}"));
    }

    static ValueType<Integer> whole(int min, int max) {
        return whole("a whole number from " + min + " to " + max, min, max);
    }

    static ValueType<Integer> port() {
        return whole("a whole number from 0 to " + MAX_PORT + " (0 takes a free one)", 0, MAX_PORT);
    }

    /** {@code auto} is one for each core. */
    static ValueType<Integer> instances() {
        ValueType<Integer> whole = whole(1, MAX_INSTANCES);
        int cores = Math.min(Runtime.getRuntime().availableProcessors(), MAX_INSTANCES);
        return new ValueType<>(
                AUTO + " (one for each core) or " + whole.allowed(),
                text -> text.equals(AUTO) ? Optional.of(cores) : whole.read(text),
                whole.allows(),
                whole.shown(),
                false);
    }

    static ValueType<Duration> duration(Duration min, Duration max) {
        return new ValueType<>(
                "a duration from " + shown(min) + " to " + shown(max) + ", such as 500ms, 5s or 2m",
                ValueType::duration,
                value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                ValueType::shown,
                false);
    }

    static ValueType<Boolean> flag() {
        return new ValueType<>(
                "true or false",
                text -> text.equals("true") || text.equals("false")
                        ? Optional.of(Boolean.valueOf(text))
                        : Optional.empty(),
                value -> true,
                String::valueOf,
                false);
    }

    /** One of the constants, in capitals or not. */
    static <E extends Enum<E>> ValueType<E> choice(List<E> constants) {
        return new ValueType<>(
                constants.stream().map(ValueType::shown).collect(Collectors.joining(", ")),
                text -> constants.stream()
                        .filter(constant -> constant.name().equalsIgnoreCase(text))
                        .findFirst(),
                constants::contains,
                ValueType::shown,
                false);
    }

    static ValueType<List<String>> hostsAndPorts() {
        return list("host:port, with commas between several", ValueType::hostAndPort);
    }

    static ValueType<List<String>> origins() {
        return list(
                "https://host or http://host:port, without a path, with commas between several",
                text -> Optional.of(text).filter(each -> Origin.of(each).isPresent()));
    }

    /** @param element from the text of one to the text that it is kept as, or to nothing where it is not allowed */
    private static ValueType<List<String>> list(String allowed, Function<String, Optional<String>> element) {
        return new ValueType<>(
                allowed,
                text -> elements(text, element),
                elements ->
                        elements.stream().allMatch(each -> element.apply(each).isPresent()),
                elements -> String.join(",", elements),
                true);
    }

    /** In octets. */
    static ValueType<Integer> size(int min, int max) {
        return new ValueType<>(
                "a size from " + shownSize(min) + " to " + shownSize(max) + ", such as 16KiB",
                ValueType::size,
                value -> value >= min && value <= max,
                ValueType::shownSize,
                false);
    }

    private static ValueType<Integer> whole(String allowed, int min, int max) {
        return new ValueType<>(
                allowed,
                text -> DIGITS.matcher(text).matches() ? Optional.of(Integer.valueOf(text)) : Optional.empty(),
                value -> value >= min && value <= max,
                String::valueOf,
                false);
    }

    static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    default -> Duration.ofMinutes(amount);
                });
    }

    private static Optional<Integer> size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long octets = Long.parseLong(matcher.group(1)) << ("KiB".equals(matcher.group(2)) ? KIB_SHIFT : MIB_SHIFT);
        return octets > Integer.MAX_VALUE ? Optional.empty() : Optional.of((int) octets);
    }

    private static String shownSize(int octets) {
        int mebibytes = octets >> MIB_SHIFT;
        return mebibytes << MIB_SHIFT == octets ? mebibytes + "MiB" : (octets >> KIB_SHIFT) + "KiB";
    }

    static String shown(Duration duration) {
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        boolean minutes = duration.toSecondsPart() == 0 && duration.toMinutes() > 1;
        return minutes ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }

    private static String shown(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** An IPv6 address with or without brackets, because no port follows; kept without. */
    private static Optional<String> hostText(String text) {
        boolean bare = text.contains(":") && !text.startsWith("[");
        return valid(() -> HostPort.host(bare ? "[" + text + "]" : text));
    }

    private static Optional<String> hostAndPort(String text) {
        return valid(() -> HostPort.parse(text, NO_PORT).toString());
    }

    private static Optional<String> valid(Supplier<String> text) {
        try {
            return Optional.of(text.get());
        } catch (IllegalArgumentException notOne) {
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

package dev.greeter.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All keys, derived from the components of {@link Config} and their {@link ConfigKey}s: a component that is a record is a
 * section. Loading, the environment, error lines, the effective configuration and changes while the service runs use them.
 */
final class Keys {
    private static final Map<String, Key<?>> BY_NAME = new LinkedHashMap<>();
    private static final Map<Class<?>, List<Key<?>>> BY_SECTION = new HashMap<>();
    private static final Map<String, Function<Config, Object>> COMPONENTS = new HashMap<>();

    static {
        add(Config.class, "", config -> config);
    }

    /** In the order of the components, which is that of {@code conf/greeter.yaml}. */
    static final List<Key<?>> ALL = List.copyOf(BY_NAME.values());

    private static final List<String> SECRETS =
            ALL.stream().filter(key -> key.type().secret()).map(Key::name).toList();

    /** The names that may be meant by one that does not exist: all keys, and the sections of secrets. */
    private static final List<String> MEANT = Stream.concat(
                    ALL.stream().map(Key::name), SECRETS.stream().map(Keys::section))
            .toList();

    /** In the names of what is kept secret elsewhere too. */
    private static final Pattern SECRET_WORD =
            Pattern.compile("token|secret|passw|credential|key", Pattern.CASE_INSENSITIVE);

    private Keys() {}

    static Optional<Key<?>> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static boolean isSection(String name) {
        return ALL.stream().anyMatch(key -> key.name().startsWith(name + "."));
    }

    /**
     * Whether the value of a name that is no key may be a secret: the name says so, or a secret's key or its section was
     * probably meant.
     */
    static boolean mayBeSecret(String unknown) {
        String meant = Suggestion.nearest(unknown, MEANT).orElseGet(() -> section(unknown));
        return SECRET_WORD.matcher(unknown).find()
                || SECRETS.stream().anyMatch(secret -> (secret + ".").startsWith(meant + "."));
    }

    private static String section(String name) {
        return name.split("\\.", 2)[0];
    }

    /**
     * Checks the values of a section.
     *
     * @param values those that have a key, in the order of their components
     * @throws IllegalArgumentException if a key does not allow its value
     */
    @SuppressWarnings("unchecked") // a component's value is of its key's type
    static void check(Class<? extends Record> section, Object... values) {
        List<Key<?>> keys = BY_SECTION.getOrDefault(section, List.of());
        for (int i = 0; i < Math.max(keys.size(), values.length); i++) {
            ((Key<Object>) keys.get(i)).check(values[i]);
        }
    }

    /** @param values gives the value of each component by its path, such as {@code greeting.port} */
    static Config config(Function<String, Object> values) {
        return make(Config.class, "", values);
    }

    /** @param path of a component, with or without a key */
    static Object value(Config config, String path) {
        return Objects.requireNonNull(COMPONENTS.get(path)).apply(config);
    }

    private static void add(Class<?> section, String prefix, Function<Config, Object> in) {
        List<Key<?>> keys = new ArrayList<>();
        for (RecordComponent component : section.getRecordComponents()) {
            String path = prefix + component.getName();
            Function<Config, Object> value = in.andThen(record -> value(component, record));
            if (component.getType().isRecord()) {
                add(component.getType(), path + ".", value);
                continue;
            }
            COMPONENTS.put(path, value);
            ConfigKey stated = component.getAnnotation(ConfigKey.class);
            if (stated != null) {
                Key<?> key = key(path, ValueType.of(stated, component.getType()), stated, value);
                keys.add(key);
                BY_NAME.put(path, key);
            }
        }
        BY_SECTION.put(section, keys);
    }

    @SuppressWarnings("unchecked") // the component's type is that of the key
    private static <T> Key<T> key(String path, ValueType<T> type, ConfigKey stated, Function<Config, Object> in) {
        return new Key<>(path, type, stated.byDefault(), (Function<Config, T>) in, stated.live());
    }

    private static <R> R make(Class<R> section, String prefix, Function<String, Object> values) {
        RecordComponent[] components = section.getRecordComponents();
        Object[] arguments = Arrays.stream(components)
                .map(component -> {
                    String path = prefix + component.getName();
                    return component.getType().isRecord()
                            ? make(component.getType(), path + ".", values)
                            : values.apply(path);
                })
                .toArray();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return reflected(() -> section.getDeclaredConstructor(types).newInstance(arguments));
    }

    private static Object value(RecordComponent component, Object section) {
        return reflected(() -> component.getAccessor().invoke(section));
    }

    private interface Reflection<T> {
        T run() throws ReflectiveOperationException;
    }

    private static <T> T reflected(Reflection<T> call) {
        try {
            return call.run();
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (ReflectiveOperationException notARecord) {
            throw new IllegalStateException(notARecord);
        }
    }
}

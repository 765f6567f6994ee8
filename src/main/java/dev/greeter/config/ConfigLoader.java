package dev.greeter.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one configuration out of the defaults, a YAML file, the environment and the command line; the later wins. */
final class ConfigLoader {
    /** Nothing stands for an address that is picked later. */
    private static final Set<String> ANY_HOST = Set.of("0.0.0.0", "::", "");

    private final List<String> problems = new ArrayList<>();
    private final Map<String, Setting> settings = new HashMap<>();
    private final Environment environment;
    private final @Nullable Config running;
    private final Function<Path, ConfigFile> reading;

    private ConfigLoader(Environment environment, @Nullable Config running, Function<Path, ConfigFile> reading) {
        this.environment = environment;
        this.running = running;
        this.reading = reading;
    }

    /** See {@link ConfigSources#load}. */
    static Config load(Optional<Path> file, Map<String, String> environment, Map<String, String> commandLine)
            throws ConfigException {
        return new ConfigSources(file, environment, commandLine).load();
    }

    /**
     * @param running what has the values of all keys that cannot change any more; null if all still can
     * @param reading gives what the file holds
     */
    static Config load(ConfigSources sources, @Nullable Config running, Function<Path, ConfigFile> reading)
            throws ConfigException {
        ConfigLoader loader = new ConfigLoader(new Environment(sources.environment()), running, reading);
        loader.readFile(sources.named());
        loader.environment.settings(loader.problems::add).forEach(loader::take);
        new TreeMap<>(sources.commandLine())
                .forEach((name, text) -> loader.take(new Setting(name, text, "command line --set " + name)));
        return loader.config();
    }

    private void readFile(Optional<Path> named) {
        if (named.isPresent()) {
            readFile(named.get(), "command line --config");
            return;
        }
        environment.file().ifPresent(name -> {
            String origin = "environment " + Environment.FILE;
            try {
                readFile(Path.of(name), origin);
            } catch (InvalidPathException e) {
                problems.add(origin + ": " + Setting.visible(name) + " is not a path");
            }
        });
    }

    private void readFile(Path file, String origin) {
        YamlFile.read(file, reading.apply(file), origin, problems::add).forEach(this::take);
    }

    private void take(Setting setting) {
        Optional<Key<?>> key = Keys.named(setting.name());
        if (key.isEmpty()) {
            List<String> names = Keys.ALL.stream().map(Key::name).toList();
            problems.add(setting.refused("but there is no such key; " + Suggestion.of(setting.name(), names, ".", "")));
        } else if (key.get().read(setting.text()).isEmpty()) {
            ValueType<?> type = key.get().type();
            problems.add((type.secret() ? setting.masked() : setting).refused("allowed: " + type.allowed()));
        } else {
            settings.put(setting.name(), setting);
        }
    }

    private Config config() throws ConfigException {
        refuseSharedPorts();
        if (value(Keys.CLUSTER_ENABLED)) {
            refuseTwoWaysToFindMembers();
            refuseHalfOfTls();
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        String name = value(Keys.NODE_NAME);
        return new Config(
                new Config.Node(name.equals(ValueType.AUTO) ? environment.nodeName() : name, environment.host()),
                new Config.Greeting(
                        value(Keys.GREETING_HOST),
                        value(Keys.GREETING_PORT),
                        value(Keys.GREETING_INSTANCES),
                        value(Keys.GREETING_MAX_CONNECTIONS),
                        value(Keys.GREETING_HANDSHAKE_TIMEOUT),
                        value(Keys.GREETING_IDLE_TIMEOUT)),
                new Config.Http(
                        value(Keys.HTTP_HOST),
                        value(Keys.HTTP_PORT),
                        value(Keys.HTTP_INSTANCES),
                        value(Keys.HTTP_MAX_CONNECTIONS),
                        value(Keys.HTTP_IDLE_TIMEOUT),
                        value(Keys.HTTP_REQUEST_TIMEOUT)),
                new Config.Bridge(
                        value(Keys.BRIDGE_MAX_CONNECTIONS),
                        value(Keys.BRIDGE_MAX_MESSAGE_SIZE),
                        value(Keys.BRIDGE_MAX_MESSAGES_PER_SECOND),
                        value(Keys.BRIDGE_ORIGINS),
                        value(Keys.BRIDGE_TRUST_FORWARDED_PROTO)),
                new Config.Management(value(Keys.MANAGEMENT_HOST), value(Keys.MANAGEMENT_PORT)),
                new Config.ExchangeLog(value(Keys.EXCHANGE_LOG_MAX_PER_SECOND)),
                new Config.Shutdown(value(Keys.SHUTDOWN_DELAY), value(Keys.SHUTDOWN_GRACE)),
                new Config.Cluster(
                        value(Keys.CLUSTER_ENABLED),
                        value(Keys.CLUSTER_NAME),
                        value(Keys.CLUSTER_HOST),
                        value(Keys.CLUSTER_PORT),
                        value(Keys.CLUSTER_EVENT_BUS_PORT),
                        value(Keys.CLUSTER_MEMBERS),
                        value(Keys.CLUSTER_DNS),
                        new Config.Cluster.Tls(
                                value(Keys.CLUSTER_TLS_CERTIFICATE),
                                value(Keys.CLUSTER_TLS_KEY),
                                value(Keys.CLUSTER_TLS_TRUST))),
                new Config.Faults(value(Keys.FAULTS_TOKEN), value(Keys.FAULTS_MAX_DURATION)),
                new Config.Log(value(Keys.LOG_LEVEL), value(Keys.LOG_FORMAT)));
    }

    private <T> T value(Key<T> key) {
        return running != null && !key.live()
                ? key.in().apply(running)
                : key.read(given(key).text()).orElseThrow();
    }

    /**
     * Vert.x takes two servers of one process on one address for instances of one server, and shares connections out.
     */
    private void refuseSharedPorts() {
        record Listener(Key<String> host, Key<Integer> port) {}
        List<Listener> listeners = new ArrayList<>(List.of(
                new Listener(Keys.GREETING_HOST, Keys.GREETING_PORT),
                new Listener(Keys.HTTP_HOST, Keys.HTTP_PORT),
                new Listener(Keys.MANAGEMENT_HOST, Keys.MANAGEMENT_PORT)));
        if (value(Keys.CLUSTER_ENABLED)) {
            listeners.add(new Listener(Keys.CLUSTER_HOST, Keys.CLUSTER_PORT));
            listeners.add(new Listener(Keys.CLUSTER_HOST, Keys.CLUSTER_EVENT_BUS_PORT));
        }
        for (int i = 0; i < listeners.size(); i++) {
            for (Listener earlier : listeners.subList(0, i)) {
                Listener later = listeners.get(i);
                int port = value(later.port());
                if (port != 0 && port == value(earlier.port()) && overlap(value(earlier.host()), value(later.host()))) {
                    problems.add(given(later.port())
                            .refused("but " + earlier.port().name() + " is the same ("
                                    + given(earlier.port()).origin() + "); allowed: a port for each server, or 0"));
                }
            }
        }
    }

    private void refuseTwoWaysToFindMembers() {
        if (!value(Keys.CLUSTER_MEMBERS).isEmpty() && !value(Keys.CLUSTER_DNS).isEmpty()) {
            problems.add(given(Keys.CLUSTER_DNS)
                    .refused("but " + Keys.CLUSTER_MEMBERS.name() + " is set too ("
                            + given(Keys.CLUSTER_MEMBERS).origin() + "); allowed: one of them"));
        }
    }

    private void refuseHalfOfTls() {
        List<Key<String>> files = List.of(Keys.CLUSTER_TLS_CERTIFICATE, Keys.CLUSTER_TLS_KEY, Keys.CLUSTER_TLS_TRUST);
        files.stream()
                .filter(key -> !value(key).isEmpty())
                .findFirst()
                .ifPresent(set -> files.stream()
                        .filter(key -> value(key).isEmpty())
                        .forEach(key -> problems.add(given(key)
                                .refused("but " + set.name() + " is set ("
                                        + given(set).origin() + "); allowed: all three of cluster.tls, or none"))));
    }

    private Setting given(Key<?> key) {
        return settings.getOrDefault(key.name(), new Setting(key.name(), key.defaultText(), "default"));
    }

    private static boolean overlap(String host, String other) {
        return host.equals(other) || ANY_HOST.contains(host) || ANY_HOST.contains(other);
    }
}

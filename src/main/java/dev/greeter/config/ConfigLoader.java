package dev.greeter.config;

import dev.greeter.config.value.FilePath;
import dev.greeter.config.value.HostPort;
import dev.greeter.text.Printable;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a configuration out of the defaults, a YAML file, the environment and the command line; the later one counts. */
final class ConfigLoader {
    private static final String NODE_NAME = "node.name";

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

    /**
     * @param running has the values of all keys that cannot change any more; null if all still can
     * @param reading gives the contents of the file
     */
    static Config load(ConfigSources sources, @Nullable Config running, Function<Path, ConfigFile> reading)
            throws ConfigException {
        ConfigLoader loader = new ConfigLoader(new Environment(sources.environment()), running, reading);
        loader.readFile(sources.named());
        loader.environment.settings(loader.problems::add).forEach(loader::take);
        loader.readCommandLine(sources);
        return loader.config();
    }

    /** A wrong value of an option that sets several keys is one mistake. */
    private void readCommandLine(ConfigSources sources) {
        Set<String> refused = new HashSet<>();
        new TreeMap<>(sources.commandLine()).forEach((name, text) -> {
            String option = sources.options().getOrDefault(name, "--set " + name);
            if (!refused.contains(option) && !take(new Setting(name, text, "command line " + option))) {
                refused.add(option);
            }
        });
    }

    private void readFile(Optional<Path> named) {
        if (named.isPresent()) {
            readFile(named.get(), "command line --config");
            return;
        }
        environment.file().ifPresent(name -> {
            String origin = "environment " + Environment.FILE;
            Path file;
            try {
                file = FilePath.of(name);
            } catch (IllegalArgumentException e) {
                problems.add(origin + ": " + Printable.excerpt(name) + " " + e.getMessage());
                return;
            }
            readFile(file, origin);
        });
    }

    private void readFile(Path file, String origin) {
        YamlFile.read(file, reading.apply(file), origin, problems::add).forEach(this::take);
    }

    /** Returns whether the setting is allowed. */
    private boolean take(Setting setting) {
        Optional<Key<?>> key = Keys.named(setting.name());
        if (key.isEmpty()) {
            problems.add(unknown(setting));
        } else if (key.get().read(setting.text()).isEmpty()) {
            ValueType<?> type = key.get().type();
            problems.add(setting.maskedIf(type.secret()).refused("allowed: " + type.allowed()));
        } else {
            settings.put(setting.name(), setting);
            return true;
        }
        return false;
    }

    /** Of a file that is no configuration only the first lines are shown, and to find all hints would take minutes. */
    private String unknown(Setting setting) {
        if (problems.size() >= ConfigException.MAX_LINES) {
            return "";
        }
        List<String> names = Keys.ALL.stream().map(Key::name).toList();
        return setting.maskedIf(Keys.mayBeSecret(setting.name()))
                .refused("but there is no such key; " + Suggestion.of(setting.name(), names, ".", ""));
    }

    private Config config() throws ConfigException {
        Config config = Keys.config(this::value);
        refuseSharedPorts(config);
        Stream.of("greeting.tls.", "http.tls.", "management.tls.").forEach(section -> refuseHalfOfTls(config, section));
        refuseWithout(config, "faults.names", "management.tls.trust", "trust as well, or no names");
        if (config.cluster().enabled()) {
            refuseTwoWaysToFindMembers(config.cluster());
            refuseHalfOfBusTls(config);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    /** The value of the component at a path. A key whose text was refused has its default here. */
    private Object value(String path) {
        Optional<Key<?>> found = Keys.named(path);
        if (found.isEmpty()) {
            // the only component without a key is node.host
            return environment.host();
        }
        Key<?> key = found.get();
        if (running != null && !key.live()) {
            return key.in().apply(running);
        }
        String text = given(path).text();
        boolean isUnnamed = path.equals(NODE_NAME) && text.equals(ValueType.AUTO);
        return isUnnamed ? environment.nodeName() : key.read(text).orElseThrow();
    }

    /**
     * Vert.x takes two servers of one process on one address for instances of one server, and shares connections out.
     */
    private void refuseSharedPorts(Config config) {
        record Listener(String key, String host, int port) {}
        Config.Cluster cluster = config.cluster();
        List<Listener> listeners = new ArrayList<>(List.of(
                new Listener(
                        "greeting.port",
                        config.greeting().host(),
                        config.greeting().port()),
                new Listener("http.port", config.http().host(), config.http().port()),
                new Listener(
                        "management.port",
                        config.management().host(),
                        config.management().port())));
        if (cluster.enabled()) {
            listeners.add(new Listener("cluster.port", cluster.host(), cluster.port()));
            listeners.add(new Listener("cluster.eventBusPort", cluster.host(), cluster.eventBusPort()));
        }
        for (int i = 0; i < listeners.size(); i++) {
            Listener later = listeners.get(i);
            for (Listener earlier : listeners.subList(0, i)) {
                if (later.port() != 0 && later.port() == earlier.port() && overlap(earlier.host(), later.host())) {
                    problems.add(given(later.key())
                            .refused("but " + earlier.key() + " is the same ("
                                    + given(earlier.key()).origin() + "); allowed: a port for each server, or 0"));
                }
            }
        }
    }

    private void refuseTwoWaysToFindMembers(Config.Cluster cluster) {
        if (!cluster.members().isEmpty() && !cluster.dns().isEmpty()) {
            problems.add(given("cluster.dns")
                    .refused("but cluster.members is set too ("
                            + given("cluster.members").origin() + "); allowed: one of them"));
        }
    }

    /** On the event bus all three files are set, or none. */
    private void refuseHalfOfBusTls(Config config) {
        List<String> files = Stream.of("certificate", "key", "trust")
                .map("cluster.tls."::concat)
                .toList();
        files.stream()
                .filter(name -> isSet(config, name))
                .findFirst()
                .ifPresent(set -> files.forEach(
                        needed -> refuseWithout(config, set, needed, "all three of cluster.tls, or none")));
    }

    /** On a port the certificate and its key belong together; the other keys add to them. */
    private void refuseHalfOfTls(Config config, String section) {
        String certificate = section + "certificate";
        String key = section + "key";
        String trust = section + "trust";
        String names = section + "names";
        refuseWithout(config, certificate, key, "both, or none");
        refuseWithout(config, key, certificate, "both, or none");
        refuseWithout(config, trust, certificate, "a certificate and its key as well, or no trust");
        refuseWithout(config, names, trust, "trust as well, or no names");
    }

    private void refuseWithout(Config config, String set, String needed, String allowed) {
        if (isSet(config, set) && !isSet(config, needed)) {
            problems.add(given(needed)
                    .refused("but " + set + " is set (" + given(set).origin() + "); allowed: " + allowed));
        }
    }

    private static boolean isSet(Config config, String name) {
        Object value = Keys.value(config, name);
        return !value.equals("") && !value.equals(List.of());
    }

    private Setting given(String name) {
        return settings.getOrDefault(
                name, new Setting(name, Keys.named(name).orElseThrow().defaultText(), "default"));
    }

    /** A name may stand for any address. */
    private static boolean overlap(String host, String other) {
        Optional<InetAddress> address = HostPort.address(host);
        Optional<InetAddress> otherAddress = HostPort.address(other);
        return address.isEmpty()
                || otherAddress.isEmpty()
                || address.equals(otherAddress)
                || address.get().isAnyLocalAddress()
                || otherAddress.get().isAnyLocalAddress();
    }
}

package dev.greeter.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The sources of a configuration, which can be loaded again when the file has changed.
 *
 * @param named the file that {@code --config} names; without it {@code GREETER_CONFIG} names one, or there is none
 * @param environment all variables, of which only {@code GREETER_*} and {@code HOSTNAME} are read
 * @param commandLine values by key
 * @param options the options that gave these values, by key; those of other keys came by {@code --set}
 */
public record ConfigSources(
        Optional<Path> named,
        Map<String, String> environment,
        Map<String, String> commandLine,
        Map<String, String> options) {
    /** All values of the command line came by {@code --set}. */
    public ConfigSources(Optional<Path> named, Map<String, String> environment, Map<String, String> commandLine) {
        this(named, environment, commandLine, Map.of());
    }

    /**
     * Reads the file, once. The same sources and the same file give an equal configuration.
     *
     * @throws ConfigException with a line for each problem
     */
    public Config load() throws ConfigException {
        return ConfigLoader.load(this, null, ConfigFile::read);
    }

    /** The same, for another process than the service. A file that only the service could read, such as a pipe, is a problem. */
    public Config loadAgain() throws ConfigException {
        return ConfigLoader.load(this, null, ConfigFile::readRegular);
    }

    /** The same, with the contents of the file. */
    Config load(ConfigFile contents) throws ConfigException {
        return ConfigLoader.load(this, null, file -> contents);
    }

    /** The same, but keys that cannot change while the service runs have the values of {@code running}. */
    Config load(ConfigFile contents, Config running) throws ConfigException {
        return ConfigLoader.load(this, running, file -> contents);
    }

    /** The file, if there is one. The sources must have been loaded once. */
    Optional<Path> file() {
        return named.or(() -> new Environment(environment).file().map(Path::of));
    }
}

package dev.greeter.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration is made of, so that it can be made again when the file changed.
 *
 * @param named what {@code --config} named; without it {@code GREETER_CONFIG} names the file, or there is none
 * @param environment all variables, of which only {@code GREETER_*} and {@code HOSTNAME} are read
 * @param commandLine values by key
 */
public record ConfigSources(Optional<Path> named, Map<String, String> environment, Map<String, String> commandLine) {
    /**
     * Reads the file, once. The same sources and the same file give an equal configuration.
     *
     * @throws ConfigException telling everything that is wrong, one line each
     */
    public Config load() throws ConfigException {
        return ConfigLoader.load(this, null, ConfigFile::read);
    }

    /** As {@link #load()}, for others than the service: a file that only the service can have read is a problem. */
    public Config loadAgain() throws ConfigException {
        return ConfigLoader.load(this, null, ConfigFile::readRegular);
    }

    /** As {@link #load()}, with what the file was found to hold. */
    Config load(ConfigFile contents) throws ConfigException {
        return ConfigLoader.load(this, null, file -> contents);
    }

    /** The same, but what cannot change while the service runs is as it is there. */
    Config load(ConfigFile contents, Config running) throws ConfigException {
        return ConfigLoader.load(this, running, file -> contents);
    }

    /** The file, of sources that were loaded once. */
    Optional<Path> file() {
        return named.or(() -> new Environment(environment).file().map(Path::of));
    }
}

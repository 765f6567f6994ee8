package dev.greeter.cli;

import dev.greeter.client.Url;
import dev.greeter.config.Config;
import dev.greeter.config.ConfigException;
import dev.greeter.config.ConfigSources;
import dev.greeter.config.value.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address at which a service with this environment listens, for a command that names no target. A configuration that {@code
 * serve} would refuse is refused here too.
 */
final class ConfiguredService {
    /** In any notation. */
    private static final Pattern EVERY_INTERFACE = Pattern.compile("[0:.]*");

    private final Map<String, String> env;

    ConfiguredService(Map<String, String> env) {
        this.env = env;
    }

    HostPort greeting() throws ConfigException {
        Config.Greeting greeting = config().greeting();
        return place("greeting", greeting.host(), greeting.port());
    }

    Url http() throws ConfigException {
        Config.Http http = config().http();
        return new Url(false, place("http", http.host(), http.port()), "/", null);
    }

    Url management() throws ConfigException {
        Config.Management management = config().management();
        return new Url(false, place("management", management.host(), management.port()), "/", null);
    }

    private Config config() throws ConfigException {
        return new ConfigSources(Optional.empty(), env, Map.of()).loadAgain();
    }

    private static HostPort place(String server, String host, int port) throws ConfigException {
        if (port == 0) {
            throw new ConfigException(
                    List.of(server + ".port is 0, which is any free port; name the one to ask as a target"));
        }
        return new HostPort(EVERY_INTERFACE.matcher(host).matches() ? "localhost" : host, port);
    }
}

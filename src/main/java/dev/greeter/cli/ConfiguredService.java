package dev.greeter.cli;

import dev.greeter.cli.options.TlsOptions;
import dev.greeter.client.GreetingTarget;
import dev.greeter.client.TerminalText;
import dev.greeter.client.Url;
import dev.greeter.client.connect.ClientCertificate;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.Config;
import dev.greeter.config.ConfigException;
import dev.greeter.config.ConfigSources;
import dev.greeter.config.Tls;
import dev.greeter.config.pem.PemFile;
import dev.greeter.config.value.HostPort;
import java.security.cert.X509Certificate;
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

    GreetingTarget greeting() throws ConfigException {
        Config.Greeting greeting = config().greeting();
        return new GreetingTarget(greeting.tls().enabled(), place("greeting", greeting.host(), greeting.port()));
    }

    Url http() throws ConfigException {
        Config.Http http = config().http();
        return new Url(http.tls().enabled(), place("http", http.host(), http.port()), "/", null);
    }

    Url management() throws ConfigException {
        Config.Management management = config().management();
        return new Url(
                management.tls().enabled(), place("management", management.host(), management.port()), "/", null);
    }

    /** How to speak to {@link #greeting} over TLS. */
    ClientTls greetingTls(TlsOptions options) throws ConfigException {
        return tls("greeting", config().greeting().tls(), options.read());
    }

    /** How to speak to {@link #http} over TLS. */
    ClientTls httpTls(TlsOptions options) throws ConfigException {
        return tls("http", config().http().tls(), options.read());
    }

    /** How to speak to {@link #management} over TLS. */
    ClientTls managementTls(TlsOptions options) throws ConfigException {
        return tls("management", config().management().tls(), options.read());
    }

    /**
     * What the options leave open is as the service has it: its own certificates are trusted, and are the client's too if the
     * service asks for one. They are hardly for the name localhost, so a name is checked only if it is given.
     */
    private static ClientTls tls(String server, Tls files, ClientTls asked) throws ConfigException {
        if (!files.enabled()) {
            return asked;
        }
        Optional<List<X509Certificate>> authorities = asked.authorities();
        if (authorities.isEmpty() && asked.check() != ClientTls.Check.NOTHING) {
            authorities = Optional.of(certificates(server, files));
        }
        Optional<ClientCertificate> certificate = asked.certificate();
        if (certificate.isEmpty() && !files.trust().isEmpty()) {
            certificate = Optional.of(certificate(server, files));
        }
        boolean named = asked.serverName().isPresent() || asked.check() == ClientTls.Check.NOTHING;
        return new ClientTls(
                authorities, named ? asked.check() : ClientTls.Check.AUTHORITY, certificate, asked.serverName());
    }

    private static List<X509Certificate> certificates(String server, Tls files) throws ConfigException {
        try {
            return PemFile.read(files.certificate()).certificates();
        } catch (PemFile.WrongFileException e) {
            throw wrong(server + ".tls.certificate", files.certificate(), e);
        }
    }

    private static ClientCertificate certificate(String server, Tls files) throws ConfigException {
        List<X509Certificate> chain = certificates(server, files);
        try {
            return ClientCertificate.of(chain, PemFile.read(files.key()));
        } catch (PemFile.WrongFileException e) {
            throw wrong(server + ".tls.key", files.key(), e);
        }
    }

    private static ConfigException wrong(String key, String file, PemFile.WrongFileException e) {
        return new ConfigException(List.of(key + ": " + TerminalText.quoted(file) + ": " + e.getMessage()));
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

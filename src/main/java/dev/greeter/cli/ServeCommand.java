package dev.greeter.cli;

import dev.greeter.client.TerminalText;
import dev.greeter.config.ConfigException;
import dev.greeter.config.ConfigSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "serve",
        description = "Serves greetings over TCP and the page over HTTP until SIGTERM or SIGINT, then drains.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped, with every exchange finished",
            "1:could not start, or failed",
            "2:wrong usage or configuration",
            "3:had to cut connections at the end of shutdown.grace",
            "4:ended at once, because memory had run out"
        },
        footer = {
            "",
            "Every key of conf/greeter.yaml can be set. The command line wins over the environment",
            "(http.port is GREETER_HTTP_PORT), which wins over the file.",
            "",
            "SIGTERM, SIGINT and SIGHUP are alike: the first begins the stop, the second ends shutdown.delay,",
            "the third ends shutdown.grace.",
            "",
            "Examples:",
            "  greeter serve",
            "  greeter serve --config /etc/greeter.yaml --instances 4",
            "  greeter serve --port 0 --http-port 0 --management-port 0",
            "  greeter serve --set shutdown.delay=5s --set exchangeLog.maxPerSecond=0"
        })
final class ServeCommand implements Callable<Integer> {
    private final Map<String, String> env;
    private final Commands.Service service;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file. Default: what GREETER_CONFIG names, or none.")
    private @Nullable Path config;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Set greeting.port; 0 takes a free one. Default: 1234.")
    private @Nullable String port;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Set http.port; 0 takes a free one. Default: 8080.")
    private @Nullable String httpPort;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "Set management.port; 0 takes a free one. Default: 9090.")
    private @Nullable String managementPort;

    @Option(
            names = "--instances",
            paramLabel = "N",
            description = "Set greeting.instances and http.instances. Default: one for each two cores.")
    private @Nullable String instances;

    @Option(names = "--cluster", description = "Set cluster.enabled. Default: off.")
    private boolean cluster;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            converter = Assignment.class,
            description = "Set any key; may be repeated.")
    private List<Map.Entry<String, String>> settings = List.of();

    ServeCommand(Map<String, String> env, Commands.Service service) {
        this.env = env;
        this.service = service;
    }

    @Override
    public Integer call() throws ConfigException, InterruptedException {
        settings.forEach(setting -> values.put(setting.getKey(), setting.getValue()));
        put("greeting.port", "--port", port);
        put("http.port", "--http-port", httpPort);
        put("management.port", "--management-port", managementPort);
        put("greeting.instances", "--instances", instances);
        put("http.instances", "--instances", instances);
        put("cluster.enabled", "--cluster", cluster ? "true" : null);
        ConfigSources sources = new ConfigSources(Optional.ofNullable(config), env, values, options);
        return service.serve(sources.load(), sources);
    }

    private void put(String key, String option, @Nullable String value) {
        if (value != null) {
            values.put(key, value);
            options.put(key, option);
        }
    }

    /** Reads {@code KEY=VALUE}. Of another text only the start that may be a key is shown: the rest may be a secret. */
    static final class Assignment implements ITypeConverter<Map.Entry<String, String>> {
        @Override
        public Map.Entry<String, String> convert(String text) {
            int sign = text.indexOf('=');
            if (sign < 1) {
                throw new TypeConversionException(TerminalText.quoted(text.replaceFirst("(?s)[^A-Za-z.].*", "..."))
                        + " is not KEY=VALUE, such as shutdown.grace=30s");
            }
            return Map.entry(text.substring(0, sign), text.substring(sign + 1));
        }
    }
}

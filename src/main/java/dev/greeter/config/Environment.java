package dev.greeter.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads settings from environment variables. An empty variable counts as unset. */
final class Environment {
    static final String PREFIX = "GREETER_";
    static final String FILE = PREFIX + "CONFIG";

    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int MAX_NAME_OCTETS = 63;

    /**
     * Kubernetes sets these in every pod for each Service of the namespace, among them greeter and those whose names begin
     * with greeter-.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile("GREETER(_[A-Z0-9_]+)?_"
            + "(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    /** The value of a Service's {@code _PORT}. That of a Service greeter-http has the name of http.port's variable. */
    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.+:\\d+");

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables.entrySet().stream()
                .filter(variable -> !variable.getValue().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b, TreeMap::new));
    }

    /** The configuration file that the environment names. */
    Optional<String> file() {
        return Optional.ofNullable(variables.get(FILE));
    }

    /** @param problems takes a line for each variable that has our prefix and belongs to no key */
    List<Setting> settings(Consumer<String> problems) {
        Map<String, Key<?>> keys = Keys.ALL.stream().collect(Collectors.toMap(Key::variable, key -> key));
        return variables.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(PREFIX)
                        && !variable.getKey().equals(FILE)
                        && !isServiceLink(variable.getKey(), variable.getValue()))
                .flatMap(variable -> {
                    Key<?> key = keys.get(variable.getKey());
                    if (key == null) {
                        problems.accept(unknown(variable.getKey(), variable.getValue()));
                        return Stream.empty();
                    }
                    return Stream.of(new Setting(key.name(), variable.getValue(), "environment " + variable.getKey()));
                })
                .toList();
    }

    /** The default name of a node: {@code HOSTNAME}, or the host's name, shortened to the length that a name may have. */
    String nodeName() {
        String name = hostNameVariable().or(Environment::kernelHostName).orElse("localhost");
        return name.substring(0, Math.min(name.length(), MAX_NAME_OCTETS));
    }

    /**
     * The name of the machine or the pod, by its kernel. It is not looked up, because a name server may take seconds to
     * answer, or never answer.
     */
    String host() {
        return kernelHostName().or(this::hostNameVariable).orElse("unknown");
    }

    private Optional<String> hostNameVariable() {
        return Optional.ofNullable(variables.get("HOSTNAME")).flatMap(Environment::printable);
    }

    private static Optional<String> kernelHostName() {
        try {
            return printable(Files.readString(LINUX_HOST_NAME));
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    private static Optional<String> printable(String name) {
        String printable = name.strip().replaceAll("[^!-~]", "-");
        return printable.isEmpty() ? Optional.empty() : Optional.of(printable);
    }

    static boolean isServiceLink(String variable, String value) {
        return SERVICE_LINK.matcher(variable).matches()
                || (variable.endsWith("_PORT") && SERVICE_URL.matcher(value).matches());
    }

    private static String unknown(String variable, String value) {
        List<String> words = Keys.ALL.stream()
                .map(key -> key.variable().substring(PREFIX.length()))
                .toList();
        String name = variable.substring(PREFIX.length());
        String hint = Suggestion.of(name, words, "_", PREFIX);
        return new Setting(variable, value, "environment")
                .maskedIf(Keys.mayBeSecret(name.toLowerCase(Locale.ROOT).replace('_', '.')))
                .refused("but there is no such variable; " + hint);
    }
}

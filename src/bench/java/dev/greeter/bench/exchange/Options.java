package dev.greeter.bench.exchange;

import io.netty.channel.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The command line of {@link ExchangeBench}. */
final class Options {
    private static final int JIT_SECONDS = 5;

    int seconds = 5;
    int rounds = 3;
    int warmUp = 30;
    int starts = 5;
    int instances;
    boolean jit;
    boolean shared;
    Path jar;
    Optional<Path> jdk = Optional.empty();
    Optional<String> epoll = Optional.empty();
    List<String> java = List.of();
    Set<Form> forms = EnumSet.allOf(Form.class);
    Set<Server> servers = EnumSet.allOf(Server.class);

    private Options(Path jar) {
        this.jar = jar;
    }

    /** Greeter's jar is the one on the class path. A wrong command line ends the process with 2, and a line for the user. */
    static Options parseOrExit(String[] args) {
        try {
            return parse(args, Servers.location(Channel.class));
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            throw wrong;
        }
    }

    private static Options parse(String[] args, Path defaultJar) {
        Options options = new Options(defaultJar);
        Iterator<String> arguments = List.of(args).iterator();
        while (arguments.hasNext()) {
            String option = arguments.next();
            if (option.equals("--jit")) {
                options.jit = true;
                options.seconds = JIT_SECONDS;
            } else if (option.equals("--shared")) {
                options.shared = true;
            } else {
                options.set(option, arguments.hasNext() ? arguments.next() : "");
            }
        }
        if (!Files.isRegularFile(options.jar)) {
            throw new IllegalArgumentException("no such jar: " + options.jar);
        }
        if (options.epoll.isEmpty()) {
            options.servers.remove(Server.EPOLL);
        }
        return options;
    }

    private void set(String option, String value) {
        switch (option) {
            case "--seconds" -> seconds = number(option, value, 1);
            case "--rounds" -> rounds = number(option, value, 0);
            case "--warm-up" -> warmUp = number(option, value, 0);
            case "--starts" -> starts = number(option, value, 0);
            case "--instances" -> instances = number(option, value, 1);
            case "--jar" -> jar = Path.of(value).toAbsolutePath();
            case "--jdk" -> jdk = Optional.of(Path.of(value).toAbsolutePath());
            case "--epoll" -> epoll = Optional.of(value);
            case "--java" -> java = List.of(value.strip().split("\\s+"));
            case "--forms" -> forms = constants(option, value, Form.class);
            case "--servers" -> servers = constants(option, value, Server.class);
            default -> throw new IllegalArgumentException("unknown option: " + option);
        }
    }

    private static int number(String option, String value, int least) {
        if (!value.matches("[0-9]{1,4}") || Integer.parseInt(value) < least) {
            throw new IllegalArgumentException(option + " takes " + least + " to 9999, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    private static <E extends Enum<E>> Set<E> constants(String option, String value, Class<E> type) {
        Set<E> chosen = EnumSet.noneOf(type);
        for (String name : value.split(",", -1)) {
            try {
                chosen.add(Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_')));
            } catch (IllegalArgumentException unknown) {
                String allowed = String.join(
                        ",",
                        Arrays.stream(type.getEnumConstants())
                                .map(constant ->
                                        constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .toList());
                throw new IllegalArgumentException(
                        option + " takes some of " + allowed + ", not '" + name + "'", unknown);
            }
        }
        return chosen;
    }
}

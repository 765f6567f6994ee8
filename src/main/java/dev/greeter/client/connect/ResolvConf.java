package dev.greeter.client.connect;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of {@code resolv.conf} (resolv.conf(5)) that have a use here.
 *
 * @param servers {@code ADDRESS:PORT}, at least one
 * @param ndots a name with fewer dots is tried in the search domains first
 */
record ResolvConf(List<String> servers, List<String> searchDomains, int ndots, boolean rotates) {
    private static final String DNS_PORT = ":53";
    private static final int MAX_SERVERS = 3;
    private static final int MAX_NDOTS = 15;
    private static final String NDOTS = "ndots:";

    /** Reads the file; without it, or without a server in it, the server is this machine, as for the C library. */
    static ResolvConf read(Path file) {
        try {
            return of(
                    Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList());
        } catch (IOException none) {
            return of(List.of());
        }
    }

    static ResolvConf of(List<String> lines) {
        List<String> servers = new ArrayList<>();
        List<String> domains = List.of();
        int ndots = 1;
        boolean rotates = false;
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length < 2) {
                continue;
            }
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> {
                    if (servers.size() < MAX_SERVERS && isAddress(values.get(0))) {
                        servers.add(values.get(0) + DNS_PORT);
                    }
                }
                // the last of them counts
                case "domain" -> domains = List.of(values.get(0));
                case "search" -> domains = List.copyOf(values);
                case "options" -> {
                    rotates |= values.contains("rotate");
                    ndots = ndots(values, ndots);
                }
                default -> {}
            }
        }
        return new ResolvConf(
                servers.isEmpty() ? List.of("127.0.0.1" + DNS_PORT) : List.copyOf(servers), domains, ndots, rotates);
    }

    /** Vert.x takes no zones. */
    private static boolean isAddress(String text) {
        return (NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text)) && text.indexOf('%') < 0;
    }

    private static int ndots(List<String> options, int before) {
        int ndots = before;
        for (String option : options) {
            if (option.matches(NDOTS + "\\d{1,4}")) {
                ndots = Math.min(MAX_NDOTS, Integer.parseInt(option.substring(NDOTS.length())));
            }
        }
        return ndots;
    }
}

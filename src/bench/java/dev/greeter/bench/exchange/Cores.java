package dev.greeter.bench.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The core of the servers and the core of the clients, so that neither takes time or cache from the other.
 *
 * @param server the prefix of a server's command
 * @param clients the prefix of a load's command
 * @param description for the user
 */
record Cores(List<String> server, List<String> clients, String description) {

    /**
     * Returns the first two cores that this process may use; without them, or without taskset, nothing is held to a core.
     *
     * @param shared whether nothing is to be held to a core
     */
    static Cores find(boolean shared) throws IOException {
        List<Integer> allowed = allowed();
        if (shared) {
            return shared("servers and clients share all " + allowed.size() + " cores");
        }
        if (allowed.size() < 2) {
            return shared("one core: servers and clients share it");
        }
        if (!Program.isInstalled("taskset")) {
            return shared("no taskset: servers and clients share all " + allowed.size() + " cores");
        }
        int server = allowed.get(0);
        int clients = allowed.get(1);
        return new Cores(
                taskset(server), taskset(clients), "servers on core " + server + ", clients on core " + clients);
    }

    static List<String> on(List<String> prefix, List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return all;
    }

    private static Cores shared(String description) {
        return new Cores(List.of(), List.of(), description);
    }

    private static List<String> taskset(int core) {
        return List.of("taskset", "-c", Integer.toString(core));
    }

    /** The kernel writes them as in {@code 0-3,8}. */
    private static List<Integer> allowed() throws IOException {
        List<Integer> cores = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("Cpus_allowed_list:")) {
                for (String range :
                        line.substring(line.indexOf(':') + 1).strip().split(",", -1)) {
                    String[] ends = range.split("-", -1);
                    for (int core = Integer.parseInt(ends[0]);
                            core <= Integer.parseInt(ends[ends.length - 1]);
                            core++) {
                        cores.add(core);
                    }
                }
            }
        }
        return cores;
    }
}

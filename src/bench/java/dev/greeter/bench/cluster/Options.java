package dev.greeter.bench.cluster;

/**
 * The command line of {@link ClusterBench}.
 *
 * @param nodes that share their tallies
 * @param members of the cluster that the nodes run on; at most as many
 * @param seconds of each measurement
 * @param load exchanges that each node counts in a second
 */
record Options(int nodes, int members, int seconds, int load) {
    /** @throws IllegalArgumentException with a line for the user */
    static Options parse(String[] args) {
        int nodes = 3;
        int members = 0;
        int seconds = 20;
        int load = 0;
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            if (!value.matches("[1-9][0-9]{0,3}")) {
                throw new IllegalArgumentException(args[i] + " takes a number from 1 to 9999, not '" + value + "'");
            }
            switch (args[i]) {
                case "--nodes" -> nodes = Integer.parseInt(value);
                case "--members" -> members = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--load" -> load = Integer.parseInt(value);
                default -> throw new IllegalArgumentException("unknown option: " + args[i]);
            }
        }
        return new Options(nodes, members == 0 ? nodes : Math.min(members, nodes), seconds, load);
    }
}

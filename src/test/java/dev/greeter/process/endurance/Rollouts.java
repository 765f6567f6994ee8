package dev.greeter.process.endurance;

import dev.greeter.testing.Fleet;
import dev.greeter.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Rollouts of one fleet, one after the other, under one run of the probe, and what the two sides counted. */
final class Rollouts {
    private static final int NODES = 2;

    /** Longer than a balancer on a busy machine takes to notice: the fleet ends it as soon as the balancer has. */
    private static final String DELAY = "shutdown.delay=30s";

    /** Low, so that most of the machine is for starts and stops. */
    private static final String RATE = "--rate=50";

    private static final String[] SETTINGS = {
        DELAY, "exchangeLog.maxPerSecond=0", "greeting.instances=2", "http.instances=2"
    };

    /**
     * How clients reach the nodes, and what the nodes are to each other. Another way is another constant, with its settings, its
     * balancer and its targets, and a test in {@link RolloutsIT}.
     */
    enum Form {
        PLAIN {
            @Override
            Fleet start(Path folder) throws IOException {
                return Fleet.start(folder, NODES, SETTINGS);
            }
        },
        /** From the probe to the nodes, through a balancer that reads nothing of it. */
        TLS {
            @Override
            Fleet start(Path folder) throws IOException, InterruptedException {
                TestAuthority.Signed node =
                        TestAuthority.create(folder, "authority").sign("node", 30, "IP:127.0.0.1");
                return Fleet.start(
                        folder,
                        NODES,
                        Stream.concat(
                                        Stream.of(SETTINGS),
                                        Stream.of("greeting", "http")
                                                .flatMap(port -> Stream.of(
                                                        port + ".tls.certificate=" + node.certificate(),
                                                        port + ".tls.key=" + node.key())))
                                .toArray(String[]::new));
            }

            @Override
            String[] probeOptions(Fleet fleet, Path folder) {
                return new String[] {RATE, "--ca=" + folder.resolve("authority.pem")};
            }

            @Override
            List<String> targets(Fleet fleet) {
                return List.of(
                        "tls://127.0.0.1:" + fleet.balancer().greetingPort(),
                        "https://127.0.0.1:" + fleet.balancer().httpPort() + "/");
            }
        },
        BEHIND_PROXY_PROTOCOL {
            @Override
            Fleet start(Path folder) throws IOException {
                return Fleet.startWithProxyProtocol(folder, NODES, SETTINGS);
            }
        },
        CLUSTERED {
            @Override
            Fleet start(Path folder) throws IOException {
                return Fleet.startCluster(folder, NODES, SETTINGS);
            }

            /** Any node answers for all that there ever were. */
            @Override
            String[] probeOptions(Fleet fleet, Path folder) {
                return new String[] {
                    RATE, "--verify=http://127.0.0.1:" + fleet.balancer().httpPort()
                };
            }
        };

        abstract Fleet start(Path folder) throws IOException, InterruptedException;

        /** @param folder in which the fleet was started */
        String[] probeOptions(Fleet fleet, Path folder) {
            return new String[] {RATE};
        }

        List<String> targets(Fleet fleet) {
            return List.of(
                    "127.0.0.1:" + fleet.balancer().greetingPort(),
                    "http://127.0.0.1:" + fleet.balancer().httpPort() + "/");
        }
    }

    private Rollouts() {}

    /** Makes so many rollouts. The folder has all logs and the probe's report afterwards. */
    static RolloutTotals run(Form form, Path folder, int rollouts) throws IOException, InterruptedException {
        try (Fleet fleet = form.start(folder);
                FleetProbe probe =
                        FleetProbe.start(folder, fleet, form.targets(fleet), form.probeOptions(fleet, folder))) {
            for (int rollout = 0; rollout < rollouts; rollout++) {
                fleet.rollWithSurge();
            }
            FleetProbe.Report report = probe.end();
            fleet.stopAll();
            return totals(rollouts, fleet, report);
        }
    }

    private static RolloutTotals totals(int rollouts, Fleet fleet, FleetProbe.Report report) {
        List<String> findings = new ArrayList<>();
        report.outages().forEach(outage -> findings.add("lost " + outage));
        if (report.exitCode() != 0) {
            findings.add("the probe ended with " + report.exitCode() + ": "
                    + report.json().getJsonArray("violations"));
        }
        if (fleet.counted("cut") > 0) {
            findings.add("cut: " + fleet.counted("cut"));
        }
        fleet.warnings().forEach(line -> findings.add("logged " + line.encode()));
        Counted greeting = Counted.of(fleet.counted("greeting.answered"), report, FleetProbe.GREETING);
        Counted http = Counted.of(fleet.counted("http.answered"), report, FleetProbe.HTTP);
        Map<Integer, Long> exitCodes = new TreeMap<>();
        fleet.exitCodes().forEach(code -> exitCodes.merge(code, 1L, Long::sum));
        return new RolloutTotals(
                rollouts,
                report.sent(),
                report.losses(FleetProbe.ALL),
                report.itsOwnLosses(),
                report.sum("moved", FleetProbe.ALL),
                greeting.twice() + http.twice(),
                greeting.missing() + http.missing(),
                exitCodes,
                findings);
    }

    /**
     * One protocol's count on both sides. An exchange that the probe lost may have been answered all the same.
     *
     * @param twice what the nodes counted beyond all that the probe sent
     * @param missing what the probe read the answer of, and no node counted
     */
    private record Counted(long twice, long missing) {
        static Counted of(long counted, FleetProbe.Report report, Set<String> forms) {
            long answered = report.sum("answered", forms);
            return new Counted(
                    Math.max(0, counted - answered - report.sum("lost", forms)), Math.max(0, answered - counted));
        }
    }
}

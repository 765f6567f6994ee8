package dev.greeter.fuzz;

import dev.greeter.client.ClientsFuzz;
import dev.greeter.client.StatsFuzz;
import dev.greeter.config.ConfigFuzz;
import dev.greeter.config.pem.PemFuzz;
import dev.greeter.http.HeadFuzz;
import dev.greeter.http.bridge.BridgeFuzz;
import dev.greeter.http.management.FaultRequestFuzz;
import dev.greeter.json.StrictJsonFuzz;
import dev.greeter.net.ProxyHeaderFuzz;
import dev.greeter.probe.load.ProbeFuzz;
import dev.greeter.protocol.RepliesFuzz;
import dev.greeter.protocol.RequestsFuzz;
import java.util.Locale;

/** What is fuzzed. */
@SuppressWarnings("ImmutableEnumChecker") // the methods keep nothing
enum FuzzTarget {
    /** What clients of the greeting protocol send. */
    REQUESTS(RequestsFuzz.class, RequestsFuzz::fuzzerTestOneInput, 1_024, 20_000),
    /** What servers of the greeting protocol send. */
    REPLIES(RepliesFuzz.class, RepliesFuzz::fuzzerTestOneInput, 1_024, 20_000),
    /** What a proxy sends before a connection. */
    PROXY_HEADER(ProxyHeaderFuzz.class, ProxyHeaderFuzz::fuzzerTestOneInput, 600, 5_000),
    /** The file, the environment and the command line. */
    CONFIG(ConfigFuzz.class, ConfigFuzz::fuzzerTestOneInput, 2_048, 1_000),
    /** Certificates and keys. */
    PEM(PemFuzz.class, PemFuzz::fuzzerTestOneInput, 4_096, 5_000),
    /** What clients of HTTP send. */
    HEAD(HeadFuzz.class, HeadFuzz::fuzzerTestOneInput, 2_048, 5_000),
    /** JSON by anyone. */
    JSON(StrictJsonFuzz.class, StrictJsonFuzz::fuzzerTestOneInput, 1_024, 0),
    /** Messages of the bridge's clients. */
    BRIDGE(BridgeFuzz.class, BridgeFuzz::fuzzerTestOneInput, 1_024, 0),
    /** The body of a POST to /faults. */
    FAULT_REQUEST(FaultRequestFuzz.class, FaultRequestFuzz::fuzzerTestOneInput, 512, 0),
    /** A server's stats, as the commands read them. */
    STATS(StatsFuzz.class, StatsFuzz::fuzzerTestOneInput, 2_048, 0),
    /** What a server sends to the commands, over connections. */
    CLIENTS(ClientsFuzz.class, ClientsFuzz::fuzzerTestOneInput, 1_024, 0),
    /** What a server sends to the probe, over connections. */
    PROBE(ProbeFuzz.class, ProbeFuzz::fuzzerTestOneInput, 1_024, 0);

    /** Fails with whatever it throws. */
    interface Input {
        void run(byte[] octets) throws Exception;
    }

    private final Class<?> type;
    private final Input input;
    private final int maxOctets;
    private final int executions;

    /**
     * @param maxOctets of an input
     * @param executions of the short run, which takes some seconds; 0 for none
     */
    FuzzTarget(Class<?> type, Input input, int maxOctets, int executions) {
        this.type = type;
        this.input = input;
        this.maxOctets = maxOctets;
        this.executions = executions;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String className() {
        return type.getName();
    }

    int maxOctets() {
        return maxOctets;
    }

    int executions() {
        return executions;
    }

    /** Runs one input. */
    void run(byte[] octets) throws Exception {
        input.run(octets);
    }
}

package dev.greeter.process.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Network namespaces, each with its own address as a pod has, on a bridge in another namespace: none of them touches the
 * machine's own network. Closing deletes them.
 */
final class PodNetwork implements AutoCloseable {
    private static final String BRIDGE = "bridge";

    private final String ip = Machine.program("ip");
    private final String name =
            "greeter-%08x".formatted(ThreadLocalRandom.current().nextInt());
    private final List<String> namespaces = new ArrayList<>();
    private @Nullable BadLink badLink;

    private PodNetwork() {}

    static PodNetwork create(int pods) throws IOException {
        return create(pods, false);
    }

    /** Creates one in which the packets of the first pod may have {@linkplain #trouble}. */
    static PodNetwork createWithBadLink(int pods) throws IOException {
        return create(pods, true);
    }

    private static PodNetwork create(int pods, boolean badLink) throws IOException {
        PodNetwork network = new PodNetwork();
        try {
            String refusal = network.addNamespace(network.middle());
            Machine.needs(refusal.isEmpty(), "the right to make network namespaces: " + refusal);
            network.ip("-n", network.middle(), "link", "add", BRIDGE, "up", "type", "bridge");
            for (int pod = 0; pod < pods; pod++) {
                network.add(pod, badLink && pod == 0);
            }
            return network;
        } catch (IOException | RuntimeException | Error failed) {
            network.close();
            throw failed;
        }
    }

    private void add(int pod, boolean isBad) throws IOException {
        String namespace = namespace(pod);
        assertThat(addNamespace(namespace)).isEmpty();
        if (isBad) {
            badLink = BadLink.start(List.of(ip, "netns", "exec", middle()), port(pod), "other");
            ip("-n", middle(), "link", "set", "other", "netns", namespace, "name", "eth0");
        } else {
            ip("-n", middle(), "link", "add", port(pod), "type", "veth", "peer", "name", "eth0", "netns", namespace);
        }
        ip("-n", namespace, "address", "add", address(pod) + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
        ip("-n", namespace, "link", "set", "lo", "up");
        ip("-n", middle(), "link", "set", port(pod), "up");
        join(pod);
    }

    /** Loses packets of and for the pod from now on, without a sign to anyone, as a switch does that fails. */
    void cutOff(int pod) throws IOException {
        ip("-n", middle(), "link", "set", port(pod), "nomaster");
    }

    /** Carries the pod's packets, again or for the first time. */
    void join(int pod) throws IOException {
        ip("-n", middle(), "link", "set", port(pod), "master", BRIDGE);
    }

    /** Does this to packets of and for the first pod from now on, and returns the number of those that had trouble before. */
    long trouble(BadLink.Trouble trouble) throws IOException {
        return Objects.requireNonNull(badLink).set(trouble);
    }

    String namespace(int pod) {
        return name + "-" + pod;
    }

    /** IPv4. */
    String address(int pod) {
        return "10.0.0." + (pod + 1);
    }

    /** The command that runs another in the pod. */
    List<String> in(int pod) {
        return List.of(ip, "netns", "exec", namespace(pod));
    }

    private String middle() {
        return name + "-middle";
    }

    private static String port(int pod) {
        return "pod" + pod;
    }

    /** Returns the reason why not, or an empty string if it did. */
    private String addNamespace(String namespace) throws IOException {
        String refusal = run("netns", "add", namespace);
        if (refusal.isEmpty()) {
            namespaces.add(namespace);
        }
        return refusal;
    }

    private void ip(String... arguments) throws IOException {
        assertThat(run(arguments)).as("ip " + String.join(" ", arguments)).isEmpty();
    }

    /** Returns the error, or an empty string if there was none. */
    private String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(ip));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.onExit().join().exitValue() == 0 ? "" : output.isBlank() ? "failed" : output;
    }

    @Override
    public void close() throws IOException {
        if (badLink != null) {
            badLink.close();
        }
        for (String namespace : namespaces) {
            ip("netns", "delete", namespace);
        }
    }
}

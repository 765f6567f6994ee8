package dev.greeter.process.monitor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.jdi.ThreadReference;
import dev.greeter.kubernetes.Kustomize;
import dev.greeter.kubernetes.Rendered;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import dev.greeter.testing.SelfSignedCertificate;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The alerts and the dashboard of the component monitoring, by a real Prometheus that scrapes real nodes. */
class AlertsIT {
    /** On a machine that is busy with something else these may be true of a node that does nothing. */
    private static final Set<String> OF_TIME = Set.of("GreeterSlow", "GreeterEventLoopsSlow");

    private static final int CHUNK = 32 << 10;
    private static final Duration AT_MOST = Duration.ofSeconds(40);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Rendered rendered;
    private Set<String> alerts;
    private final Set<String> fired = new TreeSet<>();

    @BeforeEach
    void render() throws Exception {
        Machine.program("prometheus");
        rendered = Kustomize.render(folder, "base", "monitoring");
        PrometheusRule rule = rendered.named(PrometheusRule.class, "greeter").orElseThrow();
        List<Rule> rules = rule.getSpec().getGroups().stream()
                .flatMap(group -> group.getRules().stream())
                .toList();
        alerts = rules.stream().map(Rule::getAlert).collect(Collectors.toCollection(TreeSet::new));
        Files.writeString(folder.resolve("rules.yaml"), rendered.spec(rule));
    }

    @Test
    void rulesAreWellFormedAndWaitAsLongAsTheyShould() throws Exception {
        promtool("check", "rules", "rules.yaml");
        Files.copy(Path.of("src/test/resources/kubernetes/alerts.yaml"), folder.resolve("alerts.yaml"));
        promtool("test", "rules", "alerts.yaml");
    }

    @Test
    void theProbesRuleWarnsOfACertificateThatExpires() throws Exception {
        Rendered probe = Kustomize.render(folder, "probe", "../probe/monitoring");
        PrometheusRule rule = probe.named(PrometheusRule.class, "greeter-probe").orElseThrow();
        Files.writeString(folder.resolve("rules.yaml"), probe.spec(rule));
        promtool("check", "rules", "rules.yaml");
        Files.copy(Path.of("src/test/resources/kubernetes/probe-alerts.yaml"), folder.resolve("alerts.yaml"));
        promtool("test", "rules", "alerts.yaml");
    }

    private void promtool(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder promtool = new ProcessBuilder(Machine.program("promtool"))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        promtool.command().addAll(List.of(arguments));
        Process process = promtool.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    @Timeout(180)
    void eachAlertFiresOfWhatItTellsAndEachPanelHasData() throws Exception {
        Path rules = folder.resolve("rules.yaml");
        Files.writeString(rules, Files.readString(rules).replaceAll("\"for\":\"\\w+\"", "\"for\":\"0s\""));
        SelfSignedCertificate expiring = SelfSignedCertificate.create(folder);
        try (Prometheus prometheus = Prometheus.start(folder);
                GreeterProcess blocked =
                        GreeterProcess.serveInDebugger(folder, "greeting.instances=1", "http.instances=1");
                GreeterProcess troubled = startAloneInACluster("shutdown.delay=1m");
                GreeterProcess parted = startAloneInACluster(
                        "http.tls.certificate=" + expiring.certificate(), "http.tls.key=" + expiring.key())) {
            troubled.awaitReady();
            parted.awaitReady();
            assertFires(prometheus, "GreeterAbsent", () -> {});
            prometheus.scrape(List.of(blocked.managementPort(), troubled.managementPort()));
            greet(troubled, "Hello");
            awaitNoneButOfTime(prometheus);
            assertFires(prometheus, "GreeterExchangesRefused", () -> greet(troubled, "Howdy\n"));
            assertFires(prometheus, "GreeterExchangesFailing", () -> leaveWithoutReading(troubled));
            assertFires(prometheus, "GreeterSlow", () -> readSlowly(troubled));
            assertEachPanelHasData(prometheus, troubled);
            try (Debugger debugger = Debugger.attach(blocked)) {
                List<ThreadReference> all = debugger.eventLoops();
                List<ThreadReference> loops = all.subList(all.size() - 3, all.size());
                assertFires(prometheus, "GreeterEventLoopsSlow", () -> stall(loops));
                loops.forEach(ThreadReference::suspend);
                assertFires(prometheus, "GreeterEventLoopBlocked", () -> {});
                assertFires(prometheus, "GreeterLedgerDown", () -> {});
            }
            prometheus.scrape(List.of(blocked.managementPort(), troubled.managementPort(), parted.managementPort()));
            assertFires(prometheus, "GreeterClusterSplit", () -> {});
            assertFires(prometheus, "GreeterCertificateExpires", () -> {});
            troubled.signal("TERM");
            assertFires(prometheus, "GreeterDrainStuck", () -> {});
            troubled.signal("KILL");
            assertFires(prometheus, "GreeterDown", () -> {});
        }
        assertThat(fired).isEqualTo(alerts);
    }

    private GreeterProcess startAloneInACluster(String... settings) throws IOException {
        return GreeterProcess.start(
                folder,
                List.of(),
                Stream.concat(
                                Stream.of(settings),
                                Stream.of(
                                        "cluster.enabled=true",
                                        "cluster.host=127.0.0.1",
                                        "cluster.port=" + Machine.freePort(),
                                        "cluster.eventBusPort=0"))
                        .toArray(String[]::new));
    }

    private interface Cause {
        void make() throws Exception;
    }

    private void assertFires(Prometheus prometheus, String alert, Cause cause) {
        await(alert).atMost(AT_MOST).pollInterval(Duration.ofMillis(200)).until(() -> {
            cause.make();
            return prometheus.firing().contains(alert);
        });
        fired.add(alert);
    }

    private static void awaitNoneButOfTime(Prometheus prometheus) {
        await().atMost(AT_MOST)
                .until(() -> prometheus.query("up == 1").size() == 2
                        && !prometheus.query("sum(greeter_exchanges_total) > 0").isEmpty()
                        && OF_TIME.containsAll(prometheus.firing()));
    }

    private static void greet(GreeterProcess greeter, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            socket.getInputStream().readAllBytes();
        }
    }

    /** Answers are in the server, and in the kernel, when the peer is gone. */
    private static void leaveWithoutReading(GreeterProcess greeter) throws IOException {
        sayAllThatGoes(greeter).close();
    }

    /** Answers wait in the server, as the kernel takes no more of them than the peer reads. */
    private static void readSlowly(GreeterProcess greeter) throws IOException {
        try (SocketChannel slow = sayAllThatGoes(greeter)) {
            // more than the kernel holds, so that what waits in the server is among it
            ByteBuffer answers = ByteBuffer.allocate(64 << 10);
            await().pollInterval(Duration.ofMillis(10)).until(() -> {
                slow.read(answers.limit(Math.min(answers.capacity(), answers.position() + CHUNK)));
                return answers.position() == answers.capacity();
            });
        }
    }

    private static SocketChannel sayAllThatGoes(GreeterProcess greeter) throws IOException {
        SocketChannel deaf = SocketChannel.open();
        deaf.setOption(StandardSocketOptions.SO_RCVBUF, CHUNK);
        deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), greeter.greetingPort()));
        deaf.write(ByteBuffer.wrap("GREETING/2\n".getBytes(ISO_8859_1)));
        deaf.configureBlocking(false);
        ByteBuffer greetings = ByteBuffer.wrap("Hello\n".repeat(10_000).getBytes(ISO_8859_1));
        await().pollInterval(Duration.ofMillis(10))
                .during(Duration.ofMillis(300))
                .until(() -> {
                    int written = deaf.write(greetings);
                    if (!greetings.hasRemaining()) {
                        greetings.rewind();
                    }
                    return written == 0;
                });
        return deaf;
    }

    /** Shorter than what counts as blocked. */
    private static void stall(List<ThreadReference> loops) {
        loops.forEach(ThreadReference::suspend);
        long stopped = System.nanoTime();
        await().until(() -> System.nanoTime() - stopped > Duration.ofSeconds(1).toNanos());
        loops.forEach(ThreadReference::resume);
    }

    private void assertEachPanelHasData(Prometheus prometheus, GreeterProcess greeter) {
        ConfigMap map = rendered.named(ConfigMap.class, "greeter-dashboard").orElseThrow();
        assertThat(map.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
        JsonArray panels = new JsonObject(map.getData().get("greeter.json")).getJsonArray("panels");
        List<String> queries = panels.stream()
                .flatMap(panel -> ((JsonObject) panel).getJsonArray("targets").stream())
                .map(target -> ((JsonObject) target).getString("expr"))
                .map(query -> query.replaceAll("\\$(namespace|service|instance)", ".*")
                        .replace("$__rate_interval", "1m"))
                .toList();
        assertThat(queries).hasSizeGreaterThan(20).noneMatch(query -> query.contains("$"));
        await().atMost(AT_MOST).untilAsserted(() -> {
            greet(greeter, "Hello");
            greeter.get(greeter.httpPort(), "/");
            for (String query : queries) {
                assertThat(prometheus.query(query)).as(query).isNotEmpty().noneMatch(AlertsIT::isNotANumber);
            }
        });
    }

    private static boolean isNotANumber(Object sample) {
        return ((JsonObject) sample).getJsonArray("value").getString(1).equals("NaN");
    }
}

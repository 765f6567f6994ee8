package dev.greeter.process.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.Fleet;
import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The jar's probe as a client of a fleet's balancer: it makes exchanges in all four forms until it is ended. */
final class FleetProbe implements AutoCloseable {
    static final Set<String> GREETING = Set.of("oneshot", "session");
    static final Set<String> HTTP = Set.of("http", "http-keepalive");
    static final Set<String> ALL = Set.of("oneshot", "session", "http", "http-keepalive");

    /** Losses that the probe itself or its machine is to blame for. */
    private static final Set<String> ITS_OWN = Set.of("stalled", "local");

    private static final Pattern ANSWERED =
            Pattern.compile("(?m)^greeter_exchanges_total\\{form=\"oneshot\",outcome=\"answered\",.*} [1-9]");

    private final GreeterProcess process;
    private final Path json;

    private FleetProbe(GreeterProcess process, Path json) {
        this.process = process;
        this.json = json;
    }

    /** Starts it with these options too, and waits until it is under way. */
    static FleetProbe start(Path folder, Fleet fleet, List<String> targets, String... options) throws IOException {
        Path json = Files.createTempFile(folder, "probe", ".json");
        List<String> arguments = new ArrayList<>(List.of("probe", "--duration=10000m", "--json=" + json));
        arguments.addAll(List.of(options));
        arguments.addAll(targets);
        FleetProbe probe = new FleetProbe(GreeterProcess.run(folder, arguments), json);
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> isUnderWay(fleet) || !probe.process.isAlive());
            assertThat(probe.process.isAlive()).as(probe.process.output()).isTrue();
            return probe;
        } catch (RuntimeException | Error failed) {
            probe.close();
            throw failed;
        }
    }

    private static boolean isUnderWay(Fleet fleet) throws IOException, InterruptedException {
        GreeterProcess node = fleet.node(0);
        return ANSWERED.matcher(node.get(node.managementPort(), "/metrics").body())
                .find();
    }

    /** Ends it and returns its report. */
    Report end() throws IOException, InterruptedException {
        process.signal("TERM");
        int exitCode = process.exitCode();
        return new Report(new JsonObject(Files.readString(json)), exitCode);
    }

    @Override
    public void close() {
        process.close();
    }

    /** @param exitCode 0 if all was within the limits */
    record Report(JsonObject json, int exitCode) {
        long sent() {
            return json.getLong("sent");
        }

        /** The sum of one figure over these forms. */
        long sum(String figure, Set<String> forms) {
            return forms(forms).mapToLong(form -> form.getLong(figure)).sum();
        }

        /** Losses of these forms by class, but the probe's own. */
        Map<String, Long> losses(Set<String> forms) {
            return losses(forms, false);
        }

        /** Losses that the probe itself or its machine is to blame for, by class. */
        Map<String, Long> itsOwnLosses() {
            return losses(ALL, true);
        }

        private Map<String, Long> losses(Set<String> forms, boolean own) {
            Map<String, Long> losses = new TreeMap<>();
            forms(forms)
                    .flatMap(form -> form.getJsonObject("losses").stream())
                    .filter(loss -> ITS_OWN.contains(loss.getKey()) == own)
                    .forEach(loss -> losses.merge(loss.getKey(), ((Number) loss.getValue()).longValue(), Long::sum));
            return losses;
        }

        /** A line for each outage that is not the probe's own, with its times. */
        List<String> outages() {
            return forms(ALL)
                    .flatMap(form -> objects(form.getJsonArray("outages"))
                            .filter(outage -> !ITS_OWN.contains(outage.getString("class")))
                            .map(outage -> form.getString("form") + " " + outage.encode()))
                    .toList();
        }

        private Stream<JsonObject> forms(Set<String> forms) {
            return objects(json.getJsonArray("forms")).filter(form -> forms.contains(form.getString("form")));
        }

        private static Stream<JsonObject> objects(JsonArray array) {
            return IntStream.range(0, array.size()).mapToObj(array::getJsonObject);
        }
    }
}

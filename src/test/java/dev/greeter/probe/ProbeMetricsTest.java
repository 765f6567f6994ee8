package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.client.Url;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.RunClock;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.Tally;
import dev.greeter.probe.measure.Target;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProbeMetricsTest {
    @Test
    void hasTheEndOfATargetsCertificatesOnce() {
        Instant end = Instant.now().plus(Duration.ofDays(3));
        Tally first = tally(Mode.HTTP, "https://greeter.example/");
        first.certificatesEnd(end.plus(Duration.ofDays(9)));
        Tally second = tally(Mode.HTTP_KEEPALIVE, "https://greeter.example/");
        second.certificatesEnd(end);
        Tally plain = tally(Mode.HTTP, "http://greeter.example/");
        assertThat(certificates(first, second, plain)).singleElement().satisfies(point -> {
            assertThat(point.getLabels().get("target")).isEqualTo("https://greeter.example/");
            assertThat(point.getValue()).isEqualTo((double) end.getEpochSecond());
        });
    }

    private static List<GaugeDataPointSnapshot> certificates(Tally... tallies) {
        return ProbeMetrics.of(List.of(tallies).stream().map(Tally::live).toList()).stream()
                .filter(metric -> metric.getMetadata().getName().equals("greeter_probe_tls_certificate_expiry_seconds"))
                .flatMap(metric -> ((GaugeSnapshot) metric).getDataPoints().stream())
                .toList();
    }

    private static Tally tally(Mode mode, String url) {
        return new Tally(
                new Scenario(mode, Target.http(Url.parse(url))),
                OptionalDouble.of(1),
                new RunClock(Instant.EPOCH, 0),
                0);
    }
}

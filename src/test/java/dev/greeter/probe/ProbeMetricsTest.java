package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.client.Url;
import dev.greeter.probe.measure.CertificatesEnd;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeMetricsTest {
    /** A persistent connection outlives a renewal, so it knows the old certificate only. */
    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void hasTheEndOfTheCertificatesThatATargetShowedLast(long order) {
        Instant end = Instant.now().plus(Duration.ofDays(3));
        Tally persistent = tally(Mode.HTTP_KEEPALIVE, "https://greeter.example/");
        persistent.certificatesEnd(new CertificatesEnd(end, Long.MAX_VALUE));
        Tally fresh = tally(Mode.HTTP, "https://greeter.example/");
        // the monotonic clock may overflow
        fresh.certificatesEnd(new CertificatesEnd(end.plus(Duration.ofDays(9)), Long.MAX_VALUE + order));
        Tally plain = tally(Mode.HTTP, "http://greeter.example/");
        Instant newest = order > 0 ? end.plus(Duration.ofDays(9)) : end;
        assertThat(List.of(certificates(persistent, fresh, plain), certificates(plain, fresh, persistent)))
                .allSatisfy(points -> assertThat(points).singleElement().satisfies(point -> {
                    assertThat(point.getLabels().get("target")).isEqualTo("https://greeter.example/");
                    assertThat(point.getValue()).isEqualTo((double) newest.getEpochSecond());
                }));
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

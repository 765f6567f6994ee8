package dev.greeter.probe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.client.Url;
import dev.greeter.probe.Reconciliation;
import dev.greeter.probe.Report;
import dev.greeter.probe.measure.CertificatesEnd;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Tally;
import dev.greeter.probe.measure.Target;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;

/** Intentionally sensitive: others read these. */
class ReportTest {
    @Test
    void isThisJson() {
        assertThat(JsonReport.of(ReportSample.ROLLOUT).encodePrettily() + "\n")
                .isEqualTo(ReportSample.golden("report.json"));
    }

    @Test
    void isThisJUnitXml() throws Exception {
        String xml = JUnitReport.of(ReportSample.ROLLOUT);
        assertThat(xml).isEqualTo(ReportSample.golden("report.xml"));
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(xml)))
                        .getElementsByTagName("failure")
                        .getLength())
                .isEqualTo(4);
    }

    @Test
    void showsATerminalNothingThatAServerSaysAsItIs() {
        Report failed = new Report(
                ReportSample.ROLLOUT.plan(),
                ReportSample.ROLLOUT.startedAt(),
                ReportSample.ROLLOUT.endedAt(),
                true,
                Optional.empty(),
                ReportSample.ROLLOUT.results(),
                Optional.of(new Reconciliation(
                        List.of(), Optional.of("\u001b[2Jscope is\n\u009b"), List.of(), false, false)));
        assertThat(TextReport.of(failed))
                .contains("beyond limits: not reconciled: \\x1b[2Jscope is\\n\\x9b\n")
                .doesNotContain("\u001b");
    }

    /** A persistent connection outlives a renewal, so it knows the old certificate only. */
    @Test
    void reportsTheCertificatesThatATargetShowedLast() {
        Instant end = ReportSample.ROLLOUT.endedAt().plus(Duration.ofDays(3));
        ScenarioResult before = certificates(Mode.HTTP_KEEPALIVE, end, 1);
        ScenarioResult renewed = certificates(Mode.HTTP, end.plus(Duration.ofDays(90)), 2);
        ScenarioResult revived = certificates(Mode.HTTP, end.minus(Duration.ofDays(1)), 3);
        assertThat(List.of(report(before, renewed), report(renewed, before)))
                .allSatisfy(report -> assertThat(report.warnings()).isEmpty());
        assertThat(List.of(report(revived, renewed), report(renewed, revived)))
                .allSatisfy(report -> assertThat(report.warnings())
                        .singleElement()
                        .asString()
                        .contains(" ends in 2 days, at 2026-11-25T"));
    }

    @ParameterizedTest
    @CsvSource({
        "-301, 'ended 301 days ago, at 2026-01-26T06:16:10.375Z'",
        "0, 'ends in 0 minutes, at 2026-11-23T06:16:10.375Z'",
        "13, 'ends in 13 days, at 2026-12-06T06:16:10.375Z'"
    })
    void warnsOfCertificatesThatEndSoonAndOfThoseThatHaveEnded(int days, String warning) {
        Instant end = ReportSample.ROLLOUT.endedAt().plus(Duration.ofDays(days));
        assertThat(report(certificates(Mode.HTTP, end, 1)).warnings())
                .containsExactly("a certificate of https://greeter.example/ " + warning);
    }

    private static Report report(ScenarioResult... results) {
        return new Report(
                ReportSample.ROLLOUT.plan(),
                ReportSample.ROLLOUT.startedAt(),
                ReportSample.ROLLOUT.endedAt(),
                true,
                Optional.empty(),
                List.of(results),
                Optional.empty());
    }

    private static ScenarioResult certificates(Mode mode, Instant end, long seenNanos) {
        Tally tally = Tally.empty(new Scenario(mode, Target.http(Url.parse("https://greeter.example/"))));
        tally.certificatesEnd(new CertificatesEnd(end, seenNanos));
        return tally.result();
    }

    @Test
    void isThisPageWhichNeedsNothingElse() {
        String page = HtmlReport.of(ReportSample.ROLLOUT);
        assertThat(page).isEqualTo(ReportSample.golden("report.html"));
        assertThat(page.replace("http://greeter:8080/", ""))
                .doesNotContain("http://", "https://", "src=", "@import", "url(");
    }
}

package dev.greeter.probe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.probe.Reconciliation;
import dev.greeter.probe.Report;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
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

    @Test
    void isThisPageWhichNeedsNothingElse() {
        String page = HtmlReport.of(ReportSample.ROLLOUT);
        assertThat(page).isEqualTo(ReportSample.golden("report.html"));
        assertThat(page.replace("http://greeter:8080/", ""))
                .doesNotContain("http://", "https://", "src=", "@import", "url(");
    }
}

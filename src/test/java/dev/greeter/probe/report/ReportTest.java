package dev.greeter.probe.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
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
    void isThisPageWhichNeedsNothingElse() {
        String page = HtmlReport.of(ReportSample.ROLLOUT);
        assertThat(page).isEqualTo(ReportSample.golden("report.html"));
        assertThat(page.replace("http://greeter:8080/", ""))
                .doesNotContain("http://", "https://", "src=", "@import", "url(");
    }
}

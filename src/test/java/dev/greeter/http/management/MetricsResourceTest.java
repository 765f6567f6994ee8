package dev.greeter.http.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.http.TestServer;
import dev.greeter.monitor.MetricsFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsResourceTest {
    /** The headers of Prometheus 2 and 3. */
    private static final String PROMETHEUS_2 =
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private static final String PROMETHEUS_3_FOR_TEXT =
            "text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.2";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                PROMETHEUS_2 + "                                          | OPEN_METRICS",
                PROMETHEUS_3_FOR_TEXT + "                                 | TEXT",
                "*/*                                                      | TEXT",
                "text/html,application/xhtml+xml,*/*;q=0.8                | TEXT",
                "text/plain                                               | TEXT",
                "application/openmetrics-text                             | OPEN_METRICS",
                "application/openmetrics-text, text/plain                 | OPEN_METRICS",
                "application/openmetrics-text;q=0.1, text/plain;q=0.2     | TEXT",
                "application/openmetrics-text;q=0, */*                    | TEXT",
                "application/openmetrics-text;q=0                         | TEXT",
                "application/*, text/plain;q=0.9                          | OPEN_METRICS",
                "application/*;q=0.5, */*                                 | TEXT",
                "image/png                                                | TEXT",
            })
    void writesTheFormatThatTheClientPrefers(String accept, MetricsFormat format) {
        assertThat(MetricsResource.preferred(List.of(accept))).isEqualTo(format);
        assertThat(MetricsResource.preferred(List.of(accept.split(",")))).isEqualTo(format);
    }

    @Test
    void writesTextForAClientWithoutAPreference() {
        assertThat(MetricsResource.preferred(List.of())).isEqualTo(MetricsFormat.TEXT);
    }

    @Test
    void answersOnTheManagementPortOnly() {
        try (TestServer management = TestServer.management(List.of(), List.of());
                TestServer application = TestServer.web()) {
            assertThat(management.connect().get("/metrics").response())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n")
                    .contains("\r\ncache-control: no-store\r\n")
                    .contains("\r\nvary: accept\r\n")
                    .contains("\ngreeter_ledger_up 0.0\n");
            assertThat(management
                            .connect()
                            .get("/metrics", "accept: application/openmetrics-text")
                            .response())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\ncontent-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n")
                    .endsWith("\n# EOF\n");
            assertThat(application.connect().get("/metrics").response()).startsWith("HTTP/1.1 404 ");
        }
    }
}

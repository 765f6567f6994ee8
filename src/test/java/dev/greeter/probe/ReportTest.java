package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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
                .isEqualTo(3);
    }

    @Test
    void isThisPageWhichNeedsNothingElse() {
        String page = HtmlReport.of(ReportSample.ROLLOUT);
        assertThat(page).isEqualTo(ReportSample.golden("report.html"));
        assertThat(page.replace("http://greeter:8080/", ""))
                .doesNotContain("http://", "https://", "src=", "@import", "url(");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new UnknownHostException("greeter"), Loss.Kind.DNS),
                Arguments.of(new ConnectException("Connection refused"), Loss.Kind.REFUSED),
                Arguments.of(new NoRouteToHostException("No route to host"), Loss.Kind.UNREACHABLE),
                Arguments.of(new SocketException("Network is unreachable"), Loss.Kind.UNREACHABLE),
                Arguments.of(
                        new SocketException("finishConnect(..) failed: Host is unreachable"), Loss.Kind.UNREACHABLE),
                Arguments.of(new ConnectException("Connection timed out"), Loss.Kind.TIMEOUT),
                Arguments.of(new SocketException("Connection reset by peer"), Loss.Kind.RESET),
                Arguments.of(new SocketException("Broken pipe"), Loss.Kind.RESET),
                Arguments.of(new SSLHandshakeException("PKIX path building failed"), Loss.Kind.TLS),
                Arguments.of(new SocketException("Cannot assign requested address"), Loss.Kind.LOCAL),
                Arguments.of(new SocketException("Too many open files"), Loss.Kind.LOCAL));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void namesWhatTheNetworkFailsWith(Exception failure, Loss.Kind kind) {
        assertThat(Loss.of(failure).kind()).isEqualTo(kind);
    }
}

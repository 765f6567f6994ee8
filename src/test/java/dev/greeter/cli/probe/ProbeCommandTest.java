package dev.greeter.cli.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.cli.Cli;
import dev.greeter.probe.report.ReportSample;
import dev.greeter.probe.report.TextReport;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeCommandTest {
    private static final String AT_ONCE = "probe --rate=1000 --count=20 --timeout=5s --forms=oneshot ";

    @TempDir
    private Path folder;

    @Test
    void printsTheReportForPeople() {
        assertThat(TextReport.of(ReportSample.ROLLOUT)).isEqualTo(ReportSample.golden("report.txt"));
    }

    @Test
    void isWithinLimitsWhenAllIsAnswered() throws IOException {
        try (Answering server = new Answering("World")) {
            Cli run = Cli.run((AT_ONCE + "127.0.0.1:" + server.port()).split(" "));
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("within limits: lost 0 of 20");
            assertThat(run.code()).isZero();
        }
    }

    @Test
    void isBeyondLimitsWhenOneMoreIsLostThanAllowed() throws IOException {
        String refused = "127.0.0.1:" + Machine.freePort();
        assertThat(Cli.run((AT_ONCE + refused).split(" ")).code()).isEqualTo(1);
        assertThat(Cli.run((AT_ONCE + "--max-lost=19 " + refused).split(" ")).code())
                .isEqualTo(1);
        Cli allowed = Cli.run((AT_ONCE + "--max-lost=20 " + refused).split(" "));
        assertThat(allowed.code()).isZero();
        assertThat(allowed.out()).contains("lost oneshot: refused 20");
    }

    @Test
    void writesEveryReport() throws IOException {
        try (Answering server = new Answering("Wurst")) {
            Path json = folder.resolve("report.json");
            Path junit = folder.resolve("report.xml");
            Path html = folder.resolve("report.html");
            Cli run = Cli.run((AT_ONCE + "--json=" + json + " --junit=" + junit + " --html=" + html + " 127.0.0.1:"
                            + server.port())
                    .split(" "));
            assertThat(run.code()).isEqualTo(1);
            JsonObject report = new JsonObject(Files.readString(json));
            JsonArray forms = report.getJsonArray("forms");
            assertThat(forms.getJsonObject(0).getJsonObject("losses")).isEqualTo(new JsonObject("{\"wrong\": 20}"));
            assertThat(report.getBoolean("withinLimits")).isFalse();
            assertThat(Files.readString(junit)).contains("20 lost of 20, oneshot wrong 20");
            assertThat(Files.readString(html)).startsWith("<!doctype html>");
        }
    }

    @Test
    void writesWhatCanBeWritten() throws IOException {
        try (Answering server = new Answering("World")) {
            Path html = folder.resolve("report.html");
            Cli run = Cli.run((AT_ONCE + "--json=/dev/full --html=" + html + " 127.0.0.1:" + server.port()).split(" "));
            assertThat(run.err()).isEqualTo("greeter probe: \"/dev/full\" is not written: no space left on device\n");
            assertThat(run.out()).contains("within limits: lost 0 of 20");
            assertThat(Files.readString(html)).startsWith("<!doctype html>");
            assertThat(run.code()).isEqualTo(1);
        }
    }

    @Test
    void opensEveryReportBeforeAnythingIsSent() throws IOException {
        AtomicInteger greeted = new AtomicInteger();
        try (Answering server = new Answering("World", greeted)) {
            Path before = Files.writeString(folder.resolve("before.json"), "of another run");
            Path made = folder.resolve("report.xml");
            Cli run = Cli.run((AT_ONCE + "--json=" + before + " --junit=" + made + " --html=" + folder + " 127.0.0.1:"
                            + server.port())
                    .split(" "));
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("--html: cannot write");
            assertThat(before).hasContent("of another run");
            assertThat(made).doesNotExist();
            assertThat(greeted).hasValue(0);
        }
    }

    @Test
    void writesNoTwoReportsToOneFile() throws IOException {
        Path file = folder.resolve("report");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Cli run = Cli.run((AT_ONCE + "--json=" + file + " --html=" + link + " localhost:1234").split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("has another report already");
        assertThat(file).doesNotExist();
    }

    @Test
    void replacesAReportThatIsLonger() throws IOException {
        try (Answering server = new Answering("World")) {
            Path json = Files.writeString(folder.resolve("report.json"), "x".repeat(1 << 20));
            Cli run = Cli.run((AT_ONCE + "--json=" + json + " 127.0.0.1:" + server.port()).split(" "));
            assertThat(run.code()).isZero();
            assertThat(new JsonObject(Files.readString(json)).getLong("answered"))
                    .isEqualTo(20);
        }
    }

    @Test
    void keepsNoLimitOfLatencyWhereNothingIsAnswered() throws IOException {
        String refused = "127.0.0.1:" + Machine.freePort();
        Cli run = Cli.run((AT_ONCE + "--max-lost=20 --max-p99=1m " + refused).split(" "));
        assertThat(run.out())
                .contains("beyond limits: p99 of oneshot is unknown, nothing was answered, allowed are 60.0s");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void namesTheTargetOfEveryLineWhereAFormHasTwo() throws IOException {
        String one = "127.0.0.1:" + Machine.freePort();
        String other = "localhost:" + Machine.freePort();
        Path junit = folder.resolve("report.xml");
        Cli run = Cli.run((AT_ONCE + "--max-p99=1ms --junit=" + junit + " " + one + " " + other).split(" "));
        for (String target : List.of(one, other)) {
            assertThat(run.out())
                    .contains("lost oneshot at " + target + ": refused 20")
                    .contains("outage oneshot at " + target + ": 20 refused")
                    .contains("beyond limits: p99 of oneshot at " + target + " is unknown");
            assertThat(Files.readString(junit))
                    .contains("oneshot at " + target + " refused 20")
                    .contains("<failure message=\"p99 of oneshot at " + target + " is unknown");
        }
    }

    @Test
    void isNotReconciledWithAServiceThatReportsNoCounts() throws IOException {
        try (Answering server = new Answering("World")) {
            Cli run = Cli.run(
                    (AT_ONCE + "--verify=http://127.0.0.1:" + Machine.freePort() + " 127.0.0.1:" + server.port())
                            .split(" "));
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out()).contains("beyond limits: not reconciled: ").contains("connection refused");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    localhost:1234 --rate 0            | neither max nor a number a second
                    localhost:1234 --rate fast         | neither max nor a number a second
                    localhost:1234 --forms http        | --forms has http, which needs a URL as a target
                    http://localhost/ --forms session  | --forms has session, which needs HOST:PORT as a target
                    localhost:1234 --forms twoshot     | "twoshot" is none of oneshot, session, http, http-keepalive
                    localhost/page                     | is neither HOST:PORT
                    localhost:1234 --count 0           | --count: "0" is not a whole number from 1 to 999999999999999999
                    localhost:1234 --count 99999999999999999999 | "99999999999999999999" is not a whole number
                    localhost:1234 --count 1e3         | --count: "1e3" is not a whole number
                    localhost:1234 --connections 0     | --connections: "0" is not a whole number from 1 to 10000
                    localhost:1234 --connections 10001 | "10001" is not a whole number from 1 to 10000
                    localhost:1234 --connections 4.0   | "4.0" is not a whole number from 1 to 10000
                    localhost:1234 --max-lost -1       | --max-lost: "-1" is not a whole number from 0 to 999999999999999999
                    localhost:1234 --max-lost one      | --max-lost: "one" is not a whole number
                    localhost:1234 --duration 0s       | is not a duration over 0
                    localhost:1234 --duration 160000000m | is not a duration over 0 and up to 2500000h
                    localhost:1234 --max-p99 160000000m | is not a duration over 0 and up to 2500000h
                    localhost:1234 --warmup 999999999m | is not a duration over 0 and up to 2500000h
                    localhost:1234 --timeout 160000000m | is not a duration from 1ms to 60m
                    localhost:1234 --rate 1e-400       | neither max nor a number a second
                    localhost:1234 --rate NaN          | neither max nor a number a second
                    localhost:1234 --rate 10d          | neither max nor a number a second
                    localhost:1234 localhost:1234      | a target is given twice
                    localhost:1234 LOCALHOST:1234      | a target is given twice
                    http://localhost/ HTTP://localhost:80 | a target is given twice
                    [::1]:1 [0:0:0:0:0:0:0:1]:1        | a target is given twice
                    localhost:1234 --json /no/such/x   | --json: cannot write "/no/such/x", there is no such folder
                    localhost:1234 --json=             | --json: the file's name is empty
                    localhost:1234 --ca=               | --ca: the file's name is empty
                    localhost:1234 --junit /           | --junit: cannot write "/", is a directory
                    localhost:1234 --forever --count 1 | --forever does not end by itself
                    localhost:1234 --metrics here      | is not PORT or HOST:PORT to listen on
                    localhost:1234 --metrics ::1:9091  | an IPv6 address needs brackets
                    """)
    void saysWhatIsWrongWithItsUse(String arguments, String message) {
        Cli run = Cli.run(("probe " + arguments).split(" +"));
        assertThat(run.err()).contains(message);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void saysThatALinkLeadsToNoFile() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
        assertThat(Cli.run("probe", "localhost:1234", "--json", link.toString()).err())
                .contains(", it is a link to a file that is not there\n");
    }

    @Test
    void needsATarget() {
        assertThat(Cli.run("probe").code()).isEqualTo(2);
    }

    /** Says the same to every connection, after five octets. */
    private static final class Answering implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

        Answering(String answer) throws IOException {
            this(answer, new AtomicInteger());
        }

        Answering(String answer, AtomicInteger greeted) throws IOException {
            Thread thread = new Thread(() -> {
                while (!server.isClosed()) {
                    try (var socket = server.accept()) {
                        greeted.incrementAndGet();
                        socket.getInputStream().readNBytes(5);
                        socket.getOutputStream().write(answer.getBytes(US_ASCII));
                    } catch (IOException closed) {
                        // the test is over, or judges what the probe reports
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}

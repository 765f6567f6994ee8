package dev.greeter.process.http;

import static dev.greeter.process.http.Dashboard.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.ColorScheme;
import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of the jar, in a real browser. */
class DashboardIT {
    private static final int MAX_OCTETS = 200_000;

    private static final double MAX_LAYOUT_SHIFT = 0.01;

    private static Browser browser;

    @TempDir
    Path folder;

    private GreeterProcess greeter;
    private Dashboard dashboard;

    @BeforeAll
    static void launch() {
        browser = Browser.launch();
    }

    @AfterAll
    static void quit() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        greeter = GreeterProcess.serve(folder, "node.name=greeter-0");
        dashboard = open(ColorScheme.LIGHT, 1440, 900);
    }

    @AfterEach
    void close() {
        greeter.close();
        dashboard.close();
    }

    private Dashboard open(ColorScheme scheme, int width, int height) throws IOException {
        return Dashboard.open(browser, greeter.httpPort(), scheme, width, height);
    }

    @Test
    void showsTheStatsAsTheyGrow() throws Exception {
        greet(30, "Hello");
        greet(2, "Howdy\n");
        for (int i = 0; i < 7; i++) {
            greeter.get(greeter.httpPort(), "/");
        }

        dashboard.awaitTotal("greeting", 32);
        dashboard.awaitTotal("http", 7);
        await(
                "a busy second",
                () -> !dashboard.page.locator("#chart-summary").textContent().contains("at most 0/s"));
        for (String protocol : Set.of("greeting", "http")) {
            JsonObject totals = greeter.stats().getJsonObject("totals").getJsonObject(protocol);
            for (String outcome : totals.fieldNames()) {
                assertThat(dashboard.field(protocol, outcome))
                        .isEqualTo(totals.getInteger(outcome).toString());
            }
        }
        assertThat(dashboard.page.locator("#latency tr.greeting td").first().textContent())
                .matches("[0-9.]+ (µs|ms)");
        assertThat(dashboard.nodes().textContent()).matches("greeter-0live\\d+39\\d+s1\\.0\\.0");
        await(
                "the newest exchange",
                () -> dashboard.recentRows().stream().limit(1).anyMatch(row -> row.contains("HTTP")));
        assertThat(dashboard.recentRows())
                .filteredOn(row -> row.contains("refused (bad-greeting)"))
                .hasSize(2);
    }

    @Test
    void keepsMovingWhileNothingHappens() {
        Object before = dashboard.chart();
        await("the next second", () -> !dashboard.chart().equals(before));
        await("some seconds", () -> (int) dashboard.page.evaluate("Math.round(performance.now())") > 5_000);
        assertThat(dashboard.shifted()).isLessThan(MAX_LAYOUT_SHIFT);
    }

    @Test
    void asksForLittleAndNothingFromElsewhere() throws IOException {
        Set<String> hosts = new TreeSet<>();
        int octets = 0;
        for (Request request : dashboard.requests) {
            hosts.add(request.url().replaceFirst("^(\\w+://[^/]+)?.*", "$1"));
            octets += request.url().startsWith("data:")
                    ? 0
                    : request.response().body().length + request.sizes().responseHeadersSize;
        }
        assertThat(hosts).isSubsetOf("", "http://localhost:" + greeter.httpPort());
        assertThat(dashboard.requests).hasSizeGreaterThan(8);
        assertThat(octets).isBetween(50_000, MAX_OCTETS);
        assertThat(dashboard.complaints).isEmpty();
    }

    @Test
    void holdsTheNewestExchangesWhilePaused() throws Exception {
        greet(1, "Hello");
        await("the exchange", () -> dashboard.recent().contains("oneshot"));
        String held = dashboard.recent();

        dashboard.page.locator("#pause").focus();
        dashboard.page.keyboard().press("Space");
        greeter.get(greeter.httpPort(), "/");
        dashboard.awaitTotal("http", 1);
        String second = dashboard.page.locator("#nodes tbody td").nth(3).textContent();
        await(
                "another update",
                () -> !dashboard
                        .page
                        .locator("#nodes tbody td")
                        .nth(3)
                        .textContent()
                        .equals(second));

        assertThat(dashboard.recent()).isEqualTo(held);
        assertThat(dashboard.page.locator("#pause").getAttribute("aria-pressed"))
                .isEqualTo("true");
        dashboard.page.keyboard().press("Space");
        await("the page shown", () -> dashboard.recent().contains("HTTP"));
    }

    /** What a client may put into a token: no blanks, but all of HTML besides. */
    @Test
    void showsATokenAsTheTextThatItIs() throws Exception {
        List<String> tokens = List.of(
                "<img/src=x/onerror=document.title='forged'>",
                "<script>document.title='forged'</script>",
                "</td></tr>&lt;b&gt;");
        for (String token : tokens) {
            greet(1, "GREETING/2\nHello " + token + "\n");
            await("the token", () -> dashboard.recent().contains(token));
        }
        assertThat(dashboard.page.locator("#recent img, #recent script").count())
                .isZero();
        assertThat(dashboard.page.title()).doesNotContain("forged");
        assertThat(dashboard.complaints).isEmpty();
    }

    @Test
    void noticesThatTheServiceIsGoneAndGoesOnWhenItIsBack() throws Exception {
        greet(5, "Hello");
        dashboard.awaitTotal("greeting", 5);
        assertThat(dashboard.complaints).isEmpty();
        dashboard.page.evaluate("window.untouched = true");

        greeter.signal("KILL");
        dashboard.awaitState("stale");
        assertThat(dashboard.page.locator("#status").textContent())
                .startsWith("Stale for ")
                .contains("next try in ");
        assertThat(dashboard.page.locator("[role=status]").textContent()).contains("stale");
        assertThat(dashboard.field("greeting", "total")).isEqualTo("5");
        dashboard.assertAccessible();
        dashboard.screenshot("dashboard-stale");

        String port = Integer.toString(greeter.httpPort());
        greeter = GreeterProcess.run(
                folder,
                List.of("--port", "0", "--http-port", port, "--management-port", "0", "--set", "node.name=greeter-1"));
        greeter.awaitReady();
        dashboard.awaitState("live");
        await(
                "the new node",
                () -> dashboard
                        .page
                        .locator("#nodes tbody th")
                        .allTextContents()
                        .equals(List.of("greeter-1")));
        greet(3, "Hello");
        dashboard.awaitTotal("greeting", 3);
        assertThat(dashboard.page.evaluate("window.untouched")).isEqualTo(true);
    }

    @Test
    void saysThatItsNodeIsDrainingAndIsToldGoodbye() throws Exception {
        greeter.close();
        greeter = GreeterProcess.serve(folder, "shutdown.delay=4s");
        try (Dashboard watching = open(ColorScheme.LIGHT, 1440, 900)) {
            greeter.signal("TERM");
            await("draining", () -> watching.page.locator("#nodes tr.draining").count() == 1);
            watching.awaitState("stale");
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.line("stopped").getInteger("cut")).isZero();
        }
    }

    @Test
    void showsTheWholeClusterWhicheverNodeItIsOf() throws Exception {
        try (ClusterNodes cluster = new ClusterNodes(folder, List.of("a", "b"))) {
            cluster.start("a", "b");
            cluster.awaitLive("a", "b");
            greeter.close();
            greeter = cluster.node("a");
            greet(3, "Hello");
            // "a" publishes for both
            greeter = cluster.node("b");
            greet(4, "Hello");
            try (Dashboard watching = open(ColorScheme.LIGHT, 1440, 900)) {
                watching.awaitTotal("greeting", 7);
                // what the other node says of it may be older than its own answer
                await(
                        "each node's greetings",
                        () -> String.join("\n", watching.nodes().allTextContents())
                                .matches("alive\\d+3\\d+s1\\.0\\.0\nblive\\d+4\\d+s1\\.0\\.0"));
                await(
                        "the newest of both",
                        () -> watching.recentRows().stream()
                                        .filter(row -> row.contains("oneshot"))
                                        .count()
                                == 7);
                watching.screenshot("dashboard-cluster");

                cluster.node("a").signal("KILL");
                greet(2, "Hello");
                await(
                        "a gone",
                        () -> watching.page
                                .locator("#nodes tr.gone th")
                                .allTextContents()
                                .equals(List.of("a")));
                watching.awaitTotal("greeting", 9);
                assertThat(watching.page.locator("[data-state=stale]").count()).isZero();
            }
        }
    }

    @Test
    void isAccessibleInLightAndDarkAndOnAPhone() throws Exception {
        greet(20, "Hello");
        greet(1, "Howdy\n");
        dashboard.assertAccessible();
        try (Dashboard dark = open(ColorScheme.DARK, 1920, 1080);
                Dashboard phone = open(ColorScheme.DARK, 390, 844)) {
            for (Dashboard opened : List.of(dashboard, dark, phone)) {
                opened.awaitTotal("greeting", 21);
                opened.assertAccessible();
            }
            assertThat((boolean) phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("fits the width of a phone")
                    .isTrue();
            dashboard.screenshot("dashboard-light");
            dark.screenshot("dashboard-dark");
            phone.screenshot("dashboard-phone");
        }
    }

    private void greet(int times, String request) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            }
        }
    }
}

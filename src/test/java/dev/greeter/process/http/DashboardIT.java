package dev.greeter.process.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.ColorScheme;
import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of the jar, in a real browser. */
class DashboardIT {
    private static final int MAX_OCTETS = 200_000;

    /** As browsers score it, from 0 on; 0.1 is still called good. */
    private static final double MAX_LAYOUT_SHIFT = 0.01;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Browser browser;

    @TempDir
    Path folder;

    private GreeterProcess greeter;
    private Page page;
    private final List<String> complaints = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();

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
        page = open(ColorScheme.LIGHT, 1440, 900);
    }

    @AfterEach
    void close() {
        greeter.close();
        page.context().close();
    }

    private Page open(ColorScheme scheme, int width, int height) throws IOException {
        Page opened = browser.open(scheme, width, height);
        opened.onConsoleMessage(message -> complaints.add(message.text()));
        opened.onPageError(complaints::add);
        opened.onRequest(requests::add);
        opened.addInitScript("""
                window.shifted = 0;
                new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifted += entry.value))
                    .observe({type: 'layout-shift', buffered: true});
                document.addEventListener('securitypolicyviolation', event => console.error(event.violatedDirective));
                """);
        opened.navigate("http://localhost:" + greeter.httpPort() + "/dashboard");
        await("live", () -> opened.locator("[data-state=live]").count() == 1);
        return opened;
    }

    @Test
    void showsTheStatsAsTheyGrow() throws Exception {
        greet(30, "Hello");
        greet(2, "Howdy\n");
        for (int i = 0; i < 7; i++) {
            greeter.get(greeter.httpPort(), "/");
        }

        await("32 greetings", () -> field("greeting", "total").equals("32"));
        await("7 pages", () -> field("http", "total").equals("7"));
        await(
                "a busy second",
                () -> !page.locator("#chart-summary").textContent().contains("at most 0/s"));
        for (String protocol : Set.of("greeting", "http")) {
            JsonObject totals = greeter.stats().getJsonObject("totals").getJsonObject(protocol);
            for (String outcome : totals.fieldNames()) {
                assertThat(field(protocol, outcome))
                        .isEqualTo(totals.getInteger(outcome).toString());
            }
        }
        assertThat(page.locator("#latency tr.greeting td").first().textContent())
                .matches("[0-9.]+ (µs|ms)");
        assertThat(page.locator("#nodes tbody tr").textContent()).matches("greeter-0live\\d+39\\d+s1\\.0\\.0");
        await(
                "the newest exchange",
                () -> page.locator("#recent tbody tr").first().textContent().contains("HTTP"));
        assertThat(page.locator("#recent tbody tr").allTextContents())
                .filteredOn(row -> row.contains("refused (bad-greeting)"))
                .hasSize(2);
    }

    @Test
    void keepsMovingWhileNothingHappens() {
        Object before = chart();
        await("the next second", () -> !chart().equals(before));
        await("some seconds", () -> (int) page.evaluate("Math.round(performance.now())") > 5_000);
        assertThat((Number) page.evaluate("window.shifted"))
                .satisfies(shifted -> assertThat(shifted.doubleValue()).isLessThan(MAX_LAYOUT_SHIFT));
    }

    private Object chart() {
        return page.evaluate("document.querySelector('#plot canvas').toDataURL()");
    }

    @Test
    void asksForLittleAndNothingFromElsewhere() throws IOException {
        Set<String> hosts = new TreeSet<>();
        int octets = 0;
        for (Request request : requests) {
            hosts.add(request.url().replaceFirst("^(\\w+://[^/]+)?.*", "$1"));
            octets += request.url().startsWith("data:")
                    ? 0
                    : request.response().body().length + request.sizes().responseHeadersSize;
        }
        assertThat(hosts).isSubsetOf("", "http://localhost:" + greeter.httpPort());
        assertThat(requests).hasSizeGreaterThan(8);
        assertThat(octets).isBetween(50_000, MAX_OCTETS);
        assertThat(complaints).isEmpty();
    }

    @Test
    void holdsTheNewestExchangesWhilePaused() throws Exception {
        greet(1, "Hello");
        await("the exchange", () -> page.locator("#recent tbody").textContent().contains("oneshot"));
        String held = page.locator("#recent tbody").textContent();

        page.locator("#pause").focus();
        page.keyboard().press("Space");
        greeter.get(greeter.httpPort(), "/");
        await("the page counted", () -> field("http", "total").equals("1"));
        String second = page.locator("#nodes tbody td").nth(3).textContent();
        await(
                "another update",
                () -> !page.locator("#nodes tbody td").nth(3).textContent().equals(second));

        assertThat(page.locator("#recent tbody").textContent()).isEqualTo(held);
        assertThat(page.locator("#pause").getAttribute("aria-pressed")).isEqualTo("true");
        page.keyboard().press("Space");
        await(
                "the page shown",
                () -> page.locator("#recent tbody").textContent().contains("HTTP"));
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
            await("the token", () -> page.locator("#recent tbody").textContent().contains(token));
        }
        assertThat(page.locator("#recent img, #recent script").count()).isZero();
        assertThat(page.title()).doesNotContain("forged");
        assertThat(complaints).isEmpty();
    }

    @Test
    void noticesThatTheServiceIsGoneAndGoesOnWhenItIsBack() throws Exception {
        greet(5, "Hello");
        await("5 greetings", () -> field("greeting", "total").equals("5"));
        assertThat(complaints).isEmpty();
        page.evaluate("window.untouched = true");

        greeter.signal("KILL");
        await("stale", () -> page.locator("[data-state=stale]").count() == 1);
        assertThat(page.locator("#status").textContent())
                .startsWith("Stale for ")
                .contains("next try in ");
        assertThat(page.locator("[role=status]").textContent()).contains("stale");
        assertThat(field("greeting", "total")).isEqualTo("5");
        assertAccessible(page);
        screenshot(page, "dashboard-stale");

        String port = Integer.toString(greeter.httpPort());
        greeter = GreeterProcess.run(
                folder,
                List.of("--port", "0", "--http-port", port, "--management-port", "0", "--set", "node.name=greeter-1"));
        greeter.awaitReady();
        await("live again", () -> page.locator("[data-state=live]").count() == 1);
        await(
                "the new node",
                () -> page.locator("#nodes tbody th").allTextContents().equals(List.of("greeter-1")));
        greet(3, "Hello");
        await("3 greetings", () -> field("greeting", "total").equals("3"));
        assertThat(page.evaluate("window.untouched")).isEqualTo(true);
    }

    @Test
    void saysThatItsNodeIsDrainingAndIsToldGoodbye() throws Exception {
        greeter.close();
        greeter = GreeterProcess.serve(folder, "shutdown.delay=4s");
        try (Page watching = open(ColorScheme.LIGHT, 1440, 900)) {
            greeter.signal("TERM");
            await("draining", () -> watching.locator("#nodes tr.draining").count() == 1);
            await("stale", () -> watching.locator("[data-state=stale]").count() == 1);
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
            try (Page watching = open(ColorScheme.LIGHT, 1440, 900)) {
                await("7 greetings", () -> field(watching, "greeting", "total").equals("7"));
                // what the other node says of it may be older than its own answer
                await(
                        "each node's greetings",
                        () -> String.join(
                                        "\n",
                                        watching.locator("#nodes tbody tr").allTextContents())
                                .matches("alive\\d+3\\d+s1\\.0\\.0\nblive\\d+4\\d+s1\\.0\\.0"));
                await(
                        "the newest of both",
                        () -> watching.locator("#recent tbody tr").allTextContents().stream()
                                        .filter(row -> row.contains("oneshot"))
                                        .count()
                                == 7);
                screenshot(watching, "dashboard-cluster");

                cluster.node("a").signal("KILL");
                greet(2, "Hello");
                await(
                        "a gone",
                        () -> watching.locator("#nodes tr.gone th")
                                .allTextContents()
                                .equals(List.of("a")));
                await("9 greetings", () -> field(watching, "greeting", "total").equals("9"));
                assertThat(watching.locator("[data-state=stale]").count()).isZero();
            }
        }
    }

    @Test
    void isAccessibleInLightAndDarkAndOnAPhone() throws Exception {
        greet(20, "Hello");
        greet(1, "Howdy\n");
        assertAccessible(page);
        try (Page dark = open(ColorScheme.DARK, 1920, 1080);
                Page phone = open(ColorScheme.DARK, 390, 844)) {
            for (Page opened : List.of(page, dark, phone)) {
                await("the greetings", () -> field(opened, "greeting", "total").equals("21"));
                assertAccessible(opened);
            }
            assertThat((boolean) phone.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("fits the width of a phone")
                    .isTrue();
            screenshot(page, "dashboard-light");
            screenshot(dark, "dashboard-dark");
            screenshot(phone, "dashboard-phone");
        }
    }

    private static void assertAccessible(Page opened) throws IOException {
        try (InputStream axe = DashboardIT.class.getResourceAsStream("/axe.min.js")) {
            opened.evaluate(new String(Objects.requireNonNull(axe).readAllBytes(), UTF_8));
        }
        assertThat(opened.evaluate(
                        "axe.run().then(run => run.violations.map(it => it.id + ': ' + it.nodes.map(n => n.html)))"))
                .isEqualTo(List.of());
    }

    private static void screenshot(Page opened, String name) {
        opened.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", name + ".png"))
                .setFullPage(true));
    }

    private String field(String protocol, String name) {
        return field(page, protocol, name);
    }

    private static String field(Page opened, String protocol, String name) {
        return opened.locator("#" + protocol + " [data-field=" + name + "]").textContent();
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

    /** Playwright is for one thread, so the condition is looked at in ours. */
    private static void await(String what, Callable<Boolean> condition) {
        org.awaitility.Awaitility.await(what)
                .pollInSameThread()
                .atMost(PATIENCE)
                .until(condition);
    }
}

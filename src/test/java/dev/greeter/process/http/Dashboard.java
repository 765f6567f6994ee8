package dev.greeter.process.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** The dashboard in a window of its own: what it shows, asks for and complains of. For one thread. */
final class Dashboard implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Page page;
    final List<String> complaints = new ArrayList<>();
    final List<Request> requests = new ArrayList<>();

    private Dashboard(Page page) {
        this.page = page;
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.onRequest(requests::add);
        page.addInitScript("""
                window.shifted = 0;
                new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifted += entry.value))
                    .observe({type: 'layout-shift', buffered: true});
                document.addEventListener('securitypolicyviolation', event => console.error(event.violatedDirective));
                """);
    }

    /** Opens it and waits until it gets updates. */
    static Dashboard open(Browser browser, int httpPort, ColorScheme scheme, int width, int height) {
        Dashboard dashboard = new Dashboard(browser.open(scheme, width, height));
        dashboard.page.navigate("http://localhost:" + httpPort + "/dashboard");
        dashboard.awaitState("live");
        return dashboard;
    }

    void awaitState(String state) {
        await(state, () -> page.locator("[data-state=" + state + "]").count() == 1);
    }

    void awaitTotal(String protocol, int total) {
        await(total + " of " + protocol, () -> field(protocol, "total").equals(Integer.toString(total)));
    }

    String field(String protocol, String name) {
        return page.locator("#" + protocol + " [data-field=" + name + "]").textContent();
    }

    /** Returns a row for each node. */
    Locator nodes() {
        return page.locator("#nodes tbody tr");
    }

    /** Returns the newest exchanges, in one text. */
    String recent() {
        return page.locator("#recent tbody").textContent();
    }

    /** Returns the newest exchanges, the newest first. */
    List<String> recentRows() {
        return page.locator("#recent tbody tr").allTextContents();
    }

    Object chart() {
        return page.evaluate("document.querySelector('#plot canvas').toDataURL()");
    }

    /** Returns how much the layout shifted, as browsers score it, from 0 on; 0.1 is still called good. */
    double shifted() {
        return ((Number) page.evaluate("window.shifted")).doubleValue();
    }

    void assertAccessible() throws IOException {
        try (InputStream axe = Dashboard.class.getResourceAsStream("/axe.min.js")) {
            page.evaluate(new String(Objects.requireNonNull(axe).readAllBytes(), UTF_8));
        }
        assertThat(page.evaluate(
                        "axe.run().then(run => run.violations.map(it => it.id + ': ' + it.nodes.map(n => n.html)))"))
                .isEqualTo(List.of());
    }

    void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", name + ".png"))
                .setFullPage(true));
    }

    /** Playwright is for one thread, so the condition is looked at in ours. */
    static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what).pollInSameThread().atMost(PATIENCE).until(condition);
    }

    @Override
    public void close() {
        page.context().close();
    }
}

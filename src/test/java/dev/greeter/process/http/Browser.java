package dev.greeter.process.http;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.greeter.testing.Machine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A headless Chromium of the system's packages. For one thread. */
final class Browser implements AutoCloseable {
    /** Nothing but what a page asks for goes over the network. */
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;

    private Browser(Path chromium, Playwright playwright) {
        this.playwright = playwright;
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(ARGUMENTS));
    }

    static Browser launch() {
        Path chromium = Path.of(Machine.program("chromium"));
        return new Browser(
                chromium,
                Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
    }

    /** Opens a window that shares nothing with another. */
    Page open(ColorScheme scheme, int width, int height) {
        return browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                        .setColorScheme(scheme)
                        .setViewportSize(width, height))
                .newPage();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}

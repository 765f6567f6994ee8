package dev.greeter.http.resource;

import dev.greeter.http.Response;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of the dashboard, with their headers. */
final class Dashboard {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final CharSequence CSS = HttpHeaders.createOptimized("text/css; charset=utf-8");
    private static final CharSequence SCRIPT = HttpHeaders.createOptimized("text/javascript; charset=utf-8");

    /** Allows files of this server only, and the icon as a data URL. */
    private static final CharSequence POLICY = HttpHeaders.createOptimized(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri"
                    + " 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'");

    private static final CharSequence OPENER_POLICY = HttpHeaders.createOptimized("cross-origin-opener-policy");
    private static final CharSequence RESOURCE_POLICY = HttpHeaders.createOptimized("cross-origin-resource-policy");
    private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");

    /** By their paths. */
    static final Map<String, FileResource> FILES = files();

    private Dashboard() {}

    private static Map<String, FileResource> files() {
        Map<String, FileResource> files = new LinkedHashMap<>();
        files.put("/dashboard", new FileResource("dashboard/index.html", Response.HTML, page()));
        files.put("/dashboard/dashboard.css", part("dashboard/dashboard.css", CSS));
        files.put("/dashboard/dashboard.js", part("dashboard/dashboard.js", SCRIPT));
        files.put("/dashboard/bus.js", part("dashboard/bus.js", SCRIPT));
        files.put("/dashboard/chart.js", part("dashboard/chart.js", SCRIPT));
        files.put("/dashboard/format.js", part("dashboard/format.js", SCRIPT));
        files.put("/dashboard/view.js", part("dashboard/view.js", SCRIPT));
        files.put("/dashboard/uplot.css", part(UPLOT + "uPlot.min.css", CSS));
        files.put("/dashboard/uplot.js", part(UPLOT + "uPlot.iife.min.js", SCRIPT));
        return files;
    }

    private static MultiMap page() {
        return headers().add(Response.CSP_NAME, POLICY).add(OPENER_POLICY, SAME_ORIGIN);
    }

    private static FileResource part(String file, CharSequence contentType) {
        return new FileResource(file, contentType, headers());
    }

    private static MultiMap headers() {
        return HttpHeaders.headers().add(RESOURCE_POLICY, SAME_ORIGIN);
    }
}

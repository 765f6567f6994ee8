package dev.greeter.probe.report;

import dev.greeter.probe.Reconciliation;
import dev.greeter.probe.Report;
import dev.greeter.probe.measure.Latency;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The report as one page that needs nothing else: for each row its counts, and its losses and latency over time. */
public final class HtmlReport {
    private static final int WIDTH = 900;
    private static final int LOSSES_HEIGHT = 60;
    private static final int LATENCY_HEIGHT = 100;
    private static final double MILLIS_PER_SECOND = 1_000;

    private static final String STYLE = """
            :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif;
              --within: #16833b; --beyond: #c62828; --note: #5c5c5c; --p50: #1f6fc4; --p99: #b8660b; }
            @media (prefers-color-scheme: dark) { :root { --within: #5fcf85; --beyond: #ff8a80; --note: #a8a8a8;
              --p50: #7fb8f5; --p99: #f2b05e; } }
            body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; overflow-wrap: anywhere; }
            .within { color: var(--within); } .beyond { color: var(--beyond); }
            table { border-collapse: collapse; width: 100%; } .wide { overflow-x: auto; }
            th, td { padding: .25rem .5rem; text-align: right; border-bottom: 1px solid #8884; white-space: nowrap; }
            th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
            svg { display: block; width: 100%; background: #8881; border-radius: 4px; }
            .losses { height: 60px; } .latency { height: 100px; }
            polyline { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
            polyline.p50 { stroke: var(--p50); } polyline.p99 { stroke: var(--p99); }
            b.p50 { color: var(--p50); } b.p99 { color: var(--p99); }
            .dns, .refused, .unreachable { fill: #7e57c2; } .reset, .closed { fill: #d84343; } .timeout { fill: #a1662f; }
            .wrong { fill: #d81b60; } .rejected { fill: #ef6c00; } .tls { fill: #00838f; } .local, .stalled { fill: #777; }
            .other { fill: #4e342e; }
            .note { color: var(--note); margin: .2rem 0; }
            .axis { color: var(--note); margin: 0; display: flex; justify-content: space-between; font-size: .85rem; }
            """;

    private final StringBuilder page = new StringBuilder();

    private HtmlReport() {}

    public static String of(Report report) {
        HtmlReport html = new HtmlReport();
        html.head(report);
        html.table(report.results());
        report.results().forEach(html::result);
        report.reconciliation().ifPresent(html::reconciliation);
        return html.page.append("</body>\n</html>\n").toString();
    }

    private void head(Report report) {
        double seconds = Duration.between(report.startedAt(), report.endedAt()).toMillis() / MILLIS_PER_SECOND;
        add(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>greeter probe %s</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>greeter probe %s: <span class="%s">%s</span></h1>
                <p>%.1f s from %s%s; lost %s of %s.</p>
                """,
                text(report.plan().run()),
                STYLE,
                text(report.plan().run()),
                report.isWithinLimits() ? "within" : "beyond",
                report.isWithinLimits() ? "within limits" : "beyond limits",
                seconds,
                shown(report.startedAt()),
                report.complete() ? "" : ", ended early",
                Units.count(report.lost()),
                Units.count(report.sent()));
        report.violations().forEach(violation -> add("<p class=\"beyond\">%s</p>\n", text(violation)));
    }

    private void table(List<ScenarioResult> rows) {
        add("<div class=\"wide\"><table>\n<tr><th>form</th><th>target</th><th>sent</th><th>answered</th><th>lost</th>"
                + "<th>moved</th><th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>max</th></tr>\n");
        for (ScenarioResult result : rows) {
            Latency latency = result.latency();
            add(
                    "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
                            + "<td>%s</td><td>%s</td></tr>\n",
                    result.scenario().mode().label(),
                    text(result.scenario().target().name()),
                    Units.count(result.sent()),
                    Units.count(result.answered()),
                    Units.count(result.lost()),
                    Units.count(result.moved()),
                    Units.latency(latency.p50()),
                    Units.latency(latency.p90()),
                    Units.latency(latency.p99()),
                    Units.latency(latency.p999()),
                    Units.latency(latency.max()));
        }
        add("</table></div>\n");
    }

    private void result(ScenarioResult result) {
        add(
                "<h2>%s at %s</h2>\n",
                result.scenario().mode().label(),
                text(result.scenario().target().name()));
        List<ScenarioResult.Slice> slices = result.timeline().slices();
        long mostLost =
                slices.stream().mapToLong(ScenarioResult.Slice::lost).max().orElse(0);
        long slowest = Math.max(
                1, slices.stream().mapToLong(ScenarioResult.Slice::p99).max().orElse(0));
        double width = (double) WIDTH / Math.max(1, slices.size());
        if (mostLost == 0) {
            add("<p class=\"note\">nothing lost</p>\n");
        } else {
            add(
                    "<p class=\"note\">lost: %s; each bar is %s, and the highest %s</p>\n",
                    losses(result.losses()),
                    Units.latency(result.timeline().width().toNanos() / 1_000),
                    Units.count(mostLost));
            chart("losses", LOSSES_HEIGHT);
            for (int i = 0; i < slices.size(); i++) {
                bars(slices.get(i), i * width, width, mostLost);
            }
            add("</svg>\n");
        }
        add(
                "<p class=\"note\">latency <b class=\"p50\">p50</b> and <b class=\"p99\">p99</b>, up to %s</p>\n",
                Units.latency(slowest));
        chart("latency", LATENCY_HEIGHT);
        line("p99", slices.stream().map(ScenarioResult.Slice::p99).toList(), slices, width, slowest);
        line("p50", slices.stream().map(ScenarioResult.Slice::p50).toList(), slices, width, slowest);
        add(
                "</svg>\n<p class=\"axis\"><span>0 s</span><span>%.1f s</span></p>\n",
                result.timeline().width().multipliedBy(slices.size()).toMillis() / MILLIS_PER_SECOND);
        result.outages()
                .forEach(outage -> add(
                        "<p class=\"note\">%s to %s: %s %s%s, %s</p>\n",
                        shown(outage.first()),
                        shown(outage.last()),
                        Units.count(outage.count()),
                        outage.loss().kind().label(),
                        outage.loss().code() == null
                                ? ""
                                : " " + text(outage.loss().code()),
                        text(outage.loss().why())));
        result.nodes()
                .forEach(share -> add(
                        "<p class=\"note\">%s answered %s</p>\n", text(share.node()), Units.count(share.answered())));
        if (!result.stalled().isZero()) {
            add(
                    "<p class=\"note\">The probe itself stood still for %s, and began %s exchanges too late.</p>\n",
                    Units.latency(result.stalled().toNanos() / 1_000), Units.count(result.behind()));
        }
    }

    private void chart(String what, int height) {
        add(
                "<svg class=\"%s\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\""
                        + " aria-label=\"%s over time\">\n",
                what, WIDTH, height, what);
    }

    private void bars(ScenarioResult.Slice slice, double x, double width, long most) {
        double y = LOSSES_HEIGHT;
        for (Map.Entry<Loss.Kind, Long> loss : slice.losses().entrySet()) {
            double height = (double) loss.getValue() / most * LOSSES_HEIGHT;
            y -= height;
            add(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s %s</title></rect>\n",
                    loss.getKey().label(),
                    x,
                    y,
                    Math.max(1, width),
                    height,
                    loss.getKey().label(),
                    Units.count(loss.getValue()));
        }
    }

    private void line(String name, List<Long> micros, List<ScenarioResult.Slice> slices, double width, long slowest) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < slices.size(); i++) {
            if (slices.get(i).answered() > 0) {
                points.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        (i + 0.5) * width,
                        LATENCY_HEIGHT - (double) micros.get(i) / slowest * (LATENCY_HEIGHT - 2)));
            }
        }
        add("<polyline class=\"%s\" points=\"%s\"/>\n", name, points.toString().strip());
    }

    private void reconciliation(Reconciliation found) {
        add("<h2>Reconciliation</h2>\n");
        found.violation().ifPresent(why -> add("<p class=\"beyond\">%s</p>\n", text(why)));
        for (Reconciliation.Line line : found.lines()) {
            add(
                    "<p>%s: %s confirmed, %s counted, difference %+d: %s</p>\n",
                    line.protocol().label(),
                    Units.count(line.confirmed()),
                    Units.count(line.counted().answered()),
                    line.difference(),
                    line.finding().label());
        }
    }

    private static String shown(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String losses(Map<Loss.Kind, Long> losses) {
        return losses.entrySet().stream()
                .map(loss -> loss.getKey().label() + " " + Units.count(loss.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String text(String text) {
        return Markup.escaped(text);
    }

    private void add(String format, Object... values) {
        page.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    }
}

package dev.greeter.probe.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.greeter.probe.Reconciliation;
import dev.greeter.probe.Report;
import dev.greeter.probe.measure.Counts;
import dev.greeter.probe.measure.Latency;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The report as one page that needs nothing else: for each scenario its counts, and its losses and latency over time. */
public final class HtmlReport {
    private static final int WIDTH = 900;
    private static final int LOSSES_HEIGHT = 60;
    private static final int LATENCY_HEIGHT = 100;
    private static final double MILLIS_PER_SECOND = 1_000;

    /** The head of the page with its styles, in which {@link #RUN} stands for the run's name. */
    private static final String HEAD = "head.html";

    private static final String RUN = "{{run}}";

    private final StringBuilder page = new StringBuilder();

    private HtmlReport() {}

    public static String of(Report report) {
        HtmlReport html = new HtmlReport();
        html.head(report);
        html.table(report.results());
        report.results().forEach(html::scenario);
        report.reconciliation().ifPresent(html::reconciliation);
        return html.page.append("</body>\n</html>\n").toString();
    }

    private void head(Report report) {
        String run = text(report.plan().run());
        page.append(resource(HEAD).replace(RUN, run));
        add(
                """
                <h1>greeter probe %s: <span class="%s">%s</span></h1>
                <p>%.1f s from %s%s; lost %s of %s.</p>
                """,
                run,
                report.isWithinLimits() ? "within" : "beyond",
                report.isWithinLimits() ? "within limits" : "beyond limits",
                report.seconds(),
                Units.time(report.startedAt()),
                report.complete() ? "" : ", ended early",
                Units.count(report.lost()),
                Units.count(report.sent()));
        report.violations().forEach(violation -> add("<p class=\"beyond\">%s</p>\n", text(violation)));
        report.warnings().forEach(warning -> add("<p class=\"note\">warning: %s</p>\n", text(warning)));
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void table(List<ScenarioResult> results) {
        add("<div class=\"wide\"><table>\n<tr><th>form</th><th>target</th><th>sent</th><th>answered</th><th>lost</th>"
                + "<th>moved</th><th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>max</th></tr>\n");
        for (ScenarioResult result : results) {
            Counts counts = result.counts();
            Latency latency = result.latency();
            add(
                    "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
                            + "<td>%s</td><td>%s</td></tr>\n",
                    result.scenario().mode().label(),
                    text(result.scenario().target().name()),
                    Units.count(counts.sent()),
                    Units.count(counts.answered()),
                    Units.count(counts.lost()),
                    Units.count(counts.moved()),
                    Units.latency(latency.p50()),
                    Units.latency(latency.p90()),
                    Units.latency(latency.p99()),
                    Units.latency(latency.p999()),
                    Units.latency(latency.max()));
        }
        add("</table></div>\n");
    }

    private void scenario(ScenarioResult result) {
        add("<h2>%s</h2>\n", text(result.scenario().name()));
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
                    TextReport.losses(result.counts()),
                    Units.latency(result.timeline().width()),
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
                        Units.time(outage.first()),
                        Units.time(outage.last()),
                        Units.count(outage.count()),
                        outage.loss().kind().label(),
                        outage.loss().code() == null
                                ? ""
                                : " " + text(outage.loss().code()),
                        text(outage.loss().why())));
        result.nodes()
                .forEach(share -> add(
                        "<p class=\"note\">%s answered %s</p>\n", text(share.node()), Units.count(share.answered())));
        if (!result.counts().stalled().isZero()) {
            add(
                    "<p class=\"note\">The probe itself stood still for %s, and began %s exchanges too late.</p>\n",
                    Units.latency(result.counts().stalled()),
                    Units.count(result.counts().behind()));
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

    private static String text(String text) {
        return Markup.escaped(text);
    }

    private void add(String format, Object... values) {
        page.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    }
}

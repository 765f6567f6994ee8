package dev.greeter.probe.report;

import dev.greeter.client.TerminalText;
import dev.greeter.probe.Reconciliation;
import dev.greeter.probe.Report;
import dev.greeter.probe.measure.Counts;
import dev.greeter.probe.measure.Latency;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report for people, in plain ASCII. */
public final class TextReport {
    private static final int MAX_OUTAGES = 20;

    private final Report report;
    private final StringBuilder text = new StringBuilder();

    private TextReport(Report report) {
        this.report = report;
    }

    public static String of(Report report) {
        TextReport all = new TextReport(report);
        all.head();
        all.table();
        all.losses();
        all.outages();
        all.addresses();
        all.nodes();
        all.own();
        report.reconciliation().ifPresent(all::reconciliation);
        all.verdict();
        return all.text.toString();
    }

    private void head() {
        line(String.format(
                Locale.ROOT,
                "run %s, %.1f s from %s%s",
                report.plan().run(),
                report.seconds(),
                Units.time(report.startedAt()),
                report.complete() ? "" : ", ended early"));
    }

    private void table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "form", "target", "sent", "answered", "lost", "moved", "p50", "p75", "p90", "p99", "p99.9", "max"));
        for (ScenarioResult result : report.results()) {
            Counts counts = result.counts();
            Latency latency = result.latency();
            rows.add(List.of(
                    result.scenario().mode().label(),
                    result.scenario().target().name(),
                    Units.count(counts.sent()),
                    Units.count(counts.answered()),
                    Units.count(counts.lost()),
                    Units.count(counts.moved()),
                    Units.latency(latency.p50()),
                    Units.latency(latency.p75()),
                    Units.latency(latency.p90()),
                    Units.latency(latency.p99()),
                    Units.latency(latency.p999()),
                    Units.latency(latency.max())));
        }
        text.append('\n').append(TextTable.of(rows, Set.of(0, 1)));
    }

    private void losses() {
        for (ScenarioResult result : report.results()) {
            Counts counts = result.counts();
            if (counts.lost() > 0) {
                String byCode = Stream.of(counts.rejected(), counts.tls())
                        .flatMap(codes -> codes.entrySet().stream())
                        .map(code -> TerminalText.visible(code.getKey()) + " " + Units.count(code.getValue()))
                        .collect(Collectors.joining(", "));
                line("lost " + name(result) + ": " + losses(counts)
                        + (byCode.isEmpty() ? "" : " (" + byCode + ")")
                        + (counts.unsent() > 0
                                ? "; " + Units.count(counts.unsent()) + " were never sent, as no connection was free"
                                : ""));
            }
        }
    }

    /** How many were lost in each class. */
    static String losses(Counts counts) {
        return counts.losses().entrySet().stream()
                .map(loss -> loss.getKey().label() + " " + Units.count(loss.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void outages() {
        for (ScenarioResult result : report.results()) {
            result.outages().stream().limit(MAX_OUTAGES).forEach(outage -> {
                Duration lasted = Duration.between(outage.first(), outage.last());
                String code = outage.loss().code() == null
                        ? ""
                        : " " + TerminalText.visible(outage.loss().code());
                line("outage " + name(result) + ": " + Units.count(outage.count()) + " "
                        + outage.loss().kind().label() + code + " from " + Units.time(outage.first()) + " for "
                        + Units.latency(lasted) + ", \""
                        + TerminalText.brief(outage.loss().why()) + "\"");
            });
            long more = Math.max(0, result.outages().size() - MAX_OUTAGES) + result.outagesLeftOut();
            if (more > 0) {
                line("outage " + name(result) + ": and " + Units.count(more) + " more");
            }
        }
    }

    /** The addresses of a target that is a name. */
    private void addresses() {
        for (ScenarioResult result : report.results()) {
            if (!result.addresses().containsKey(result.scenario().target().host())) {
                String byAddress = result.addresses().entrySet().stream()
                        .map(used -> used.getKey() + " " + Units.count(used.getValue()))
                        .collect(Collectors.joining(", "));
                line("connects " + name(result) + ": " + (byAddress.isEmpty() ? "none" : byAddress));
            }
        }
    }

    private void nodes() {
        for (ScenarioResult result : report.results()) {
            for (ScenarioResult.NodeShare share : result.nodes()) {
                String spans = share.spans().stream()
                        .map(span -> Units.time(span.first()) + " to " + Units.time(span.last()))
                        .collect(Collectors.joining(", "));
                line("node " + name(result) + ": " + TerminalText.brief(share.node()) + " answered "
                        + Units.count(share.answered()) + ", " + spans);
            }
        }
    }

    /** Faults of the probe, not of the target. */
    private void own() {
        for (ScenarioResult result : report.results()) {
            Counts counts = result.counts();
            if (counts.unfinished() > 0) {
                line("unfinished " + name(result) + ": "
                        + Units.count(counts.unfinished())
                        + " were neither answered nor lost when the run was ended");
            }
            if (!counts.stalled().isZero()) {
                line("behind schedule " + name(result) + ": the probe itself stood still for "
                        + Units.latency(counts.stalled()) + ", "
                        + Units.latency(result.maxLag()) + " at once, and began "
                        + Units.count(counts.behind()) + " exchanges too late; no latency counts it");
            }
        }
    }

    private void reconciliation(Reconciliation found) {
        for (Reconciliation.Line line : found.lines()) {
            line("reconciled " + line.protocol().label() + ": " + Units.count(line.confirmed()) + " confirmed, "
                    + Units.count(line.counted().answered()) + " counted, difference "
                    + (line.difference() > 0 ? "+" : "") + Units.count(line.difference()) + ": " + meaning(line));
        }
        if (found.isShared()) {
            line("someone else uses the service too, so the difference is not exact");
        }
        if (found.partial()) {
            line("the service could not ask its whole cluster, so its count is not all of it");
        }
    }

    private static String meaning(Reconciliation.Line line) {
        return switch (line.finding()) {
            case EXACT -> "exact";
            case UNCONFIRMED -> "the service answered what was lost on its way";
            case OTHERS -> "more than this probe asked";
            case MISSING -> "the service counted fewer than it answered";
        };
    }

    private void verdict() {
        report.warnings().forEach(warning -> line("warning: " + warning));
        List<String> violations = report.violations();
        if (violations.isEmpty()) {
            line("within limits: lost " + Units.count(report.lost()) + " of " + Units.count(report.sent()));
        } else {
            violations.forEach(violation -> line("beyond limits: " + TerminalText.visible(violation)));
        }
    }

    private String name(ScenarioResult result) {
        return report.name(result);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}

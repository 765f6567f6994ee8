package dev.greeter.probe.report;

import dev.greeter.probe.Report;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The report as JUnit XML, which every CI shows: a test for each scenario, and one for each limit of the run. */
public final class JUnitReport {
    private record Case(String name, Optional<String> failure) {}

    private JUnitReport() {}

    public static String of(Report report) {
        List<Case> cases = cases(report);
        long failures =
                cases.stream().filter(test -> test.failure().isPresent()).count();
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append(String.format(
                Locale.ROOT,
                "<testsuite name=\"greeter probe\" id=\"%s\" timestamp=\"%s\" tests=\"%d\" failures=\"%d\""
                        + " errors=\"0\" skipped=\"0\" time=\"%.3f\">\n",
                Markup.escaped(report.plan().run()),
                report.startedAt(),
                cases.size(),
                failures,
                report.seconds()));
        for (Case test : cases) {
            xml.append("  <testcase classname=\"greeter.probe\" name=\"")
                    .append(Markup.escaped(test.name()))
                    .append(String.format(Locale.ROOT, "\" time=\"%.3f\"", report.seconds()))
                    .append(test.failure()
                            .map(why -> "><failure message=\"" + Markup.escaped(why) + "\"/></testcase>\n")
                            .orElse("/>\n"));
        }
        return xml.append("</testsuite>\n").toString();
    }

    private static List<Case> cases(Report report) {
        List<Case> cases = new ArrayList<>();
        report.failure().ifPresent(what -> cases.add(new Case("ran to its end", Optional.of(what))));
        cases.add(new Case(
                "lost at most " + report.plan().limits().maxLost(),
                report.lost() > report.plan().limits().maxLost() || report.sent() == 0
                        ? Optional.of(report.lost() + " lost of " + report.sent() + losses(report))
                        : Optional.empty()));
        cases.add(new Case("no unsolicited answers", report.unsolicited()));
        for (ScenarioResult result : report.results()) {
            report.plan()
                    .limits()
                    .maxP99()
                    .ifPresent(max -> cases.add(new Case(
                            "p99 of " + result.scenario().name() + " at most " + Units.latency(max),
                            report.violation(result))));
        }
        report.reconciliation()
                .ifPresent(found -> cases.add(new Case("reconciled with the service", found.violation())));
        return cases;
    }

    private static String losses(Report report) {
        StringBuilder losses = new StringBuilder();
        for (ScenarioResult result : report.results()) {
            result.counts()
                    .losses()
                    .forEach((kind, count) -> losses.append(", ")
                            .append(report.name(result))
                            .append(' ')
                            .append(kind.label())
                            .append(' ')
                            .append(count));
        }
        return losses.toString();
    }
}

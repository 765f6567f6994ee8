package dev.greeter.probe.report;

import dev.greeter.bus.JsonFields;
import dev.greeter.probe.Plan;
import dev.greeter.probe.Reconciliation;
import dev.greeter.probe.Report;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Latency;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.ScenarioResult;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The report as {@code src/docs/probe.md} specifies it. Members are added, never changed. */
public final class JsonReport {
    /** Raised when a reader of the format before would misread the next one. */
    private static final int FORMAT = 1;

    private JsonReport() {}

    public static JsonObject of(Report report) {
        JsonObject json = new JsonObject()
                .put("format", FORMAT)
                .put("run", report.plan().run())
                .put("startedAt", JsonFields.text(report.startedAt()))
                .put("endedAt", JsonFields.text(report.endedAt()))
                .put("complete", report.complete())
                .put("plan", plan(report.plan()))
                .put("sent", report.sent())
                .put("answered", report.answered())
                .put("lost", report.lost())
                .put("forms", array(report.results(), JsonReport::result))
                .put("certificates", array(report.certificates(), JsonReport::certificates));
        report.failure().ifPresent(what -> json.put("failure", what));
        report.reconciliation().ifPresent(found -> json.put("reconciliation", reconciliation(found)));
        return json.put("withinLimits", report.isWithinLimits()).put("violations", new JsonArray(report.violations()));
    }

    private static JsonObject plan(Plan plan) {
        Load load = plan.load();
        JsonObject json = new JsonObject();
        load.perSecond().ifPresentOrElse(rate -> json.put("rate", rate), () -> json.put("rate", "max"));
        load.count().ifPresent(count -> json.put("count", count));
        if (!load.duration().isZero()) {
            json.put("durationMillis", load.duration().toMillis());
        }
        json.put("warmupMillis", plan.warmup().toMillis())
                .put("connections", plan.connections())
                .put("timeoutMillis", plan.timeout().toMillis())
                .put("warnExpirySeconds", plan.warnExpiry().toSeconds())
                .put("maxLost", plan.limits().maxLost());
        plan.limits().maxP99().ifPresent(max -> json.put("maxP99Micros", max.toNanos() / 1_000));
        return json;
    }

    private static JsonObject result(ScenarioResult result) {
        return new JsonObject()
                .put("form", result.scenario().mode().label())
                .put("target", result.scenario().target().name())
                .put("sent", result.counts().sent())
                .put("answered", result.counts().answered())
                .put("lost", result.counts().lost())
                .put("unfinished", result.counts().unfinished())
                .put("losses", losses(result.counts().losses()))
                .put(
                        "rejected",
                        new JsonObject(new LinkedHashMap<>(result.counts().rejected())))
                .put("tls", new JsonObject(new LinkedHashMap<>(result.counts().tls())))
                .put("moved", result.counts().moved())
                .put("unsent", result.counts().unsent())
                .put("late", result.counts().late())
                .put("unsolicited", result.counts().unsolicited())
                .put("connections", result.counts().connections())
                .put("addresses", new JsonObject(new LinkedHashMap<>(result.addresses())))
                .put("latency", latency(result.latency()))
                .put("behind", result.counts().behind())
                .put("stalledMicros", result.counts().stalled().toNanos() / 1_000)
                .put("maxLagMicros", result.maxLag().toNanos() / 1_000)
                .put("outages", array(result.outages(), JsonReport::outage))
                .put("outagesLeftOut", result.outagesLeftOut())
                .put("nodes", array(result.nodes(), JsonReport::node));
    }

    private static JsonObject certificates(Report.Certificates certificates) {
        return new JsonObject()
                .put("target", certificates.target())
                .put("end", JsonFields.text(certificates.end()))
                .put("daysLeft", certificates.daysLeft())
                .put("endsSoon", certificates.endsSoon());
    }

    private static JsonObject losses(Map<Loss.Kind, Long> losses) {
        JsonObject json = new JsonObject();
        losses.forEach((kind, count) -> json.put(kind.label(), count));
        return json;
    }

    private static JsonObject latency(Latency latency) {
        return new JsonObject()
                .put("mean", Math.round(latency.mean()))
                .put("p50", latency.p50())
                .put("p75", latency.p75())
                .put("p90", latency.p90())
                .put("p99", latency.p99())
                .put("p999", latency.p999())
                .put("max", latency.max());
    }

    private static JsonObject outage(ScenarioResult.Outage outage) {
        JsonObject json = new JsonObject().put("class", outage.loss().kind().label());
        if (outage.loss().code() != null) {
            json.put("code", outage.loss().code());
        }
        return json.put("first", JsonFields.text(outage.first()))
                .put("last", JsonFields.text(outage.last()))
                .put("lost", outage.count())
                .put("why", outage.loss().why());
    }

    private static JsonObject node(ScenarioResult.NodeShare share) {
        return new JsonObject()
                .put("node", share.node())
                .put("answered", share.answered())
                .put(
                        "spans",
                        array(
                                share.spans(),
                                span -> new JsonObject()
                                        .put("first", JsonFields.text(span.first()))
                                        .put("last", JsonFields.text(span.last()))
                                        .put("answered", span.answered())));
    }

    private static JsonObject reconciliation(Reconciliation found) {
        JsonObject json = new JsonObject();
        found.failure().ifPresent(why -> json.put("failure", why));
        if (!found.restarted().isEmpty()) {
            json.put("restarted", new JsonArray(found.restarted()));
        }
        return json.put("holds", found.holds())
                .put("shared", found.isShared())
                .put("partial", found.partial())
                .put(
                        "protocols",
                        array(
                                found.lines(),
                                line -> new JsonObject()
                                        .put("protocol", line.protocol().label())
                                        .put("confirmed", line.confirmed())
                                        .put("counted", line.counted().answered())
                                        .put("difference", line.difference())
                                        .put("finding", line.finding().label())
                                        .put("lost", line.lost())
                                        .put("refused", line.counted().refused())
                                        .put("failed", line.counted().failed())));
    }

    private static <T> JsonArray array(List<T> all, Function<T, JsonObject> each) {
        JsonArray array = new JsonArray();
        all.forEach(one -> array.add(each.apply(one)));
        return array;
    }
}

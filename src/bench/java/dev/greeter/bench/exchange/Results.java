package dev.greeter.bench.exchange;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of all servers, in Markdown tables. */
final class Results {
    private final Map<Server, Map<Form, List<Sample>>> rounds = new EnumMap<>(Server.class);
    private final Map<String, List<Start>> starts = new LinkedHashMap<>();

    /** One start of a server or of a command. */
    record Start(double firstAnswerMillis, double cpuMillis, double residentMebibytes) {
        /** A command has ended by the time that memory is measured. */
        boolean isServer() {
            return !Double.isNaN(residentMebibytes);
        }
    }

    void add(Server server, Form form, Sample sample) {
        if (sample.exchanges() <= 0) {
            throw new BenchException(form.label + ", " + server.label + ": not one exchange in a round");
        }
        rounds.computeIfAbsent(server, first -> new EnumMap<>(Form.class))
                .computeIfAbsent(form, first -> new ArrayList<>())
                .add(sample);
    }

    void add(String name, Start start) {
        starts.computeIfAbsent(name, first -> new ArrayList<>()).add(start);
    }

    /** Prints the table of starts, medians, with their ratio to the yardstick's. */
    void printStarts() {
        System.out.println("| start | first answer, ms | ratio | CPU until then, ms | RSS 1 s later, MiB |");
        System.out.println("| --- | ---: | ---: | ---: | ---: |");
        List<Start> yardstick = starts.getOrDefault(Server.YARDSTICK.label, List.of());
        starts.forEach((name, all) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %s | %.0f | %s |%n",
                name,
                median(all, Start::firstAnswerMillis),
                all.get(0).isServer()
                        ? ratio(median(all, Start::firstAnswerMillis), median(yardstick, Start::firstAnswerMillis))
                        : "–",
                median(all, Start::cpuMillis),
                number(median(all, Start::residentMebibytes))));
    }

    /** Prints a line for each form and server, medians of the rounds. */
    void printLoads() {
        System.out.println(
                "| work | server | exchanges/s | user, µs | system, µs | CPU, µs | ratio | waits | RSS, MiB | JIT, % |");
        System.out.println("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (Form form : Form.values()) {
            rounds.forEach((server, forms) -> {
                List<Sample> samples = forms.getOrDefault(form, List.of());
                if (!samples.isEmpty()) {
                    System.out.printf(
                            Locale.ROOT,
                            "| %s | %s | %,.0f | %s | %s | %s | %s | %s | %.0f | %.1f |%n",
                            form.label,
                            server.label,
                            median(samples, Sample::perSecond),
                            number(median(samples, Sample::user)),
                            number(median(samples, Sample::system)),
                            number(median(samples, Sample::cpu)),
                            ratio(form, server),
                            number(median(samples, Sample::waits)),
                            samples.get(samples.size() - 1).usage().residentBytes() / 1024.0 / 1024,
                            100
                                    * median(
                                            samples,
                                            sample -> sample.usage().compilerMicros()
                                                    / sample.usage().cpuMicros()));
                }
            });
        }
    }

    /** Prints the CPU time of an exchange with a column for each server, and the memory after all loads. */
    void printSummary() {
        row("CPU µs an exchange", server -> server.label);
        System.out.println("| --- " + "| ---: ".repeat(rounds.size()) + "|");
        for (Form form : Form.values()) {
            row(form.label, server -> summary(form, server));
        }
        row("RSS after the loads, MiB", server -> {
            double bytes = rounds.getOrDefault(server, Map.of()).values().stream()
                    .flatMap(List::stream)
                    .mapToLong(sample -> sample.usage().residentBytes())
                    .max()
                    .orElse(0);
            return String.format(Locale.ROOT, "%.0f", bytes / 1024 / 1024);
        });
    }

    private String summary(Form form, Server server) {
        List<Sample> samples = rounds.getOrDefault(server, Map.of()).getOrDefault(form, List.of());
        return samples.isEmpty() ? "–" : number(median(samples, Sample::cpu)) + " (" + ratio(form, server) + ")";
    }

    private void row(String head, java.util.function.Function<Server, String> cell) {
        StringBuilder row = new StringBuilder("| ").append(head).append(" |");
        rounds.keySet()
                .forEach(server -> row.append(' ').append(cell.apply(server)).append(" |"));
        System.out.println(row);
    }

    /** The median over the rounds of the ratio to the yardstick's round beside it. */
    private String ratio(Form form, Server server) {
        List<Sample> own = rounds.getOrDefault(server, Map.of()).getOrDefault(form, List.of());
        List<Sample> yardstick = rounds.getOrDefault(Server.YARDSTICK, Map.of()).getOrDefault(form, List.of());
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(own.size(), yardstick.size()); i++) {
            ratios.add(own.get(i).cpu() / yardstick.get(i).cpu());
        }
        return ratio(median(ratios, ratio -> ratio), 1);
    }

    private static String ratio(double one, double other) {
        double ratio = one / other;
        return Double.isFinite(ratio) && ratio > 0 ? String.format(Locale.ROOT, "%.2f", ratio) : "–";
    }

    private static String number(double number) {
        return !Double.isFinite(number)
                ? "–"
                : String.format(Locale.ROOT, number < 10 ? "%.3f" : number < 100 ? "%.1f" : "%.0f", number);
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}

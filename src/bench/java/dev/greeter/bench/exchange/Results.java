package dev.greeter.bench.exchange;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The figures of all rounds, Greeter's beside the yardstick's of the same round. */
final class Results {
    private static final String COLUMNS = "| %-17s | %-9s | %11s | %7s | %7s | %7s | %13s | %5s |%n";

    private final Map<Form, List<Pair>> rounds = new EnumMap<>(Form.class);

    private record Pair(Sample greeter, Sample yardstick) {}

    void add(Form form, Sample greeter, Sample yardstick) {
        if (greeter.exchanges() <= 0 || yardstick.exchanges() <= 0) {
            throw new BenchException(form.label + ": not one exchange in a round");
        }
        rounds.computeIfAbsent(form, first -> new ArrayList<>()).add(new Pair(greeter, yardstick));
    }

    /** Prints a Markdown table to standard output. */
    void print(Options options, String counts) {
        System.out.printf(
                COLUMNS, "form", "server", "exchanges/s", "user", "system", "CPU µs", "Greeter's own", "ratio");
        System.out.println("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        rounds.forEach((form, pairs) -> {
            double own = median(pairs, pair -> pair.greeter.cpu() - pair.yardstick.cpu());
            double ratio = median(pairs, pair -> pair.greeter.cpu() / pair.yardstick.cpu());
            row(form.label, "Greeter", pairs, Pair::greeter, micros(own), String.format(Locale.ROOT, "%.2f", ratio));
            row("", "yardstick", pairs, Pair::yardstick, "", "");
        });
        System.out.printf(
                Locale.ROOT,
                "%nServer CPU microseconds for each exchange, medians of %d rounds of %d s on %d connections; own"
                        + " and ratio are medians over the rounds.%nThe JVM's compilers took %.1f %% of"
                        + " Greeter's CPU time, and %.1f %% of the yardstick's.%n%s%n"
                        + "Java %s, Linux %s, %d cores shared with the clients, NIO.%n",
                options.rounds(),
                options.seconds(),
                options.connections(),
                compilers(Pair::greeter),
                compilers(Pair::yardstick),
                counts,
                System.getProperty("java.version"),
                System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors());
    }

    private static void row(
            String form, String server, List<Pair> pairs, Function<Pair, Sample> of, String own, String ratio) {
        System.out.printf(
                COLUMNS,
                form,
                server,
                String.format(
                        Locale.ROOT,
                        "%,.0f",
                        median(pairs, pair -> of.apply(pair).perSecond())),
                micros(median(pairs, pair -> of.apply(pair).user())),
                micros(median(pairs, pair -> of.apply(pair).system())),
                micros(median(pairs, pair -> of.apply(pair).cpu())),
                own,
                ratio);
    }

    /** The percentage of CPU time spent on compiling: far from 0, the JVM was not warm. */
    private double compilers(Function<Pair, Sample> of) {
        List<Sample> samples =
                rounds.values().stream().flatMap(List::stream).map(of).toList();
        return 100
                * samples.stream().mapToDouble(Sample::compilerMicros).sum()
                / samples.stream()
                        .mapToDouble(sample -> sample.userMicros() + sample.systemMicros())
                        .sum();
    }

    private static String micros(double number) {
        return String.format(Locale.ROOT, number < 10 ? "%.3f" : "%.1f", number);
    }

    private static double median(List<Pair> pairs, ToDoubleFunction<Pair> figure) {
        double[] sorted = pairs.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}

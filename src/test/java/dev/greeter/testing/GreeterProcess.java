package dev.greeter.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that runs the jar, on free ports, with its log in a file. Closing kills it if it still runs. */
public final class GreeterProcess implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(4);
    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(40);

    /** A process lives for seconds here, in which the optimizing compiler would take more than it gives. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path log;
    private final Process process;

    private GreeterProcess(Path log, Process process) {
        this.log = log;
        this.process = process;
    }

    /** Starts {@code greeter serve} with these settings and waits until it is ready. */
    public static GreeterProcess serve(Path folder, String... settings) throws IOException {
        return serve(folder, java(), options(settings));
    }

    /** Does the same through another command, such as {@code ip netns exec}. */
    public static GreeterProcess serveBy(List<String> another, Path folder, String... settings) throws IOException {
        return serve(folder, Stream.of(another, java()).flatMap(List::stream).toList(), options(settings));
    }

    /** Does the same in a JVM that a debugger can attach to. */
    public static GreeterProcess serveInDebugger(Path folder, String... settings) throws IOException {
        return serve(
                folder,
                java("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"),
                options(settings));
    }

    /** Does the same with a configuration file. */
    public static GreeterProcess serveFrom(Path file, Path folder) throws IOException {
        return serve(folder, java(), List.of("--config", file.toString()));
    }

    private static List<String> java(String... options) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.concat(Stream.of(java, "-Xmx256m", QUICK_START), Stream.of(options))
                .toList();
    }

    /** Does the same in an environment that has these variables too. */
    public static GreeterProcess serveIn(Map<String, String> environment, Path folder, String... settings)
            throws IOException {
        return serve(folder, java(), options(settings), environment);
    }

    /** Does the same in a JVM that logs each class that it loads. */
    public static GreeterProcess serveTellingClasses(Map<String, String> environment, Path folder) throws IOException {
        return serve(folder, java("-Xlog:class+load"), List.of(), environment);
    }

    private static List<String> options(String... settings) {
        return Stream.of(settings)
                .flatMap(setting -> Stream.of("--set", setting))
                .toList();
    }

    private static GreeterProcess serve(Path folder, List<String> java, List<String> options) throws IOException {
        return serve(folder, java, options, Map.of());
    }

    private static GreeterProcess serve(
            Path folder, List<String> java, List<String> options, Map<String, String> environment) throws IOException {
        GreeterProcess greeter = start(folder, java, options, environment);
        try {
            greeter.awaitReady();
            return greeter;
        } catch (IOException | RuntimeException | Error notReady) {
            greeter.close();
            throw notReady;
        }
    }

    /** Starts {@code greeter serve} and does not wait, so that others can start at the same time. */
    public static GreeterProcess start(Path folder, List<String> jvmOptions, String... settings) throws IOException {
        return start(folder, java(jvmOptions.toArray(String[]::new)), options(settings), Map.of());
    }

    /** Does the same in an environment that has these variables too. */
    public static GreeterProcess start(
            Path folder, List<String> jvmOptions, Map<String, String> environment, String... settings)
            throws IOException {
        return start(folder, java(jvmOptions.toArray(String[]::new)), options(settings), environment);
    }

    private static GreeterProcess start(
            Path folder, List<String> java, List<String> options, Map<String, String> environment) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--port", "0", "--http-port", "0", "--management-port", "0"));
        arguments.addAll(options);
        return run(folder, java, arguments, environment);
    }

    public static GreeterProcess run(Path folder, List<String> arguments) throws IOException {
        return run(arguments, Map.of(), folder);
    }

    public static GreeterProcess run(List<String> arguments, Map<String, String> environment, Path folder)
            throws IOException {
        return run(folder, java(), arguments, environment);
    }

    private static GreeterProcess run(
            Path folder, List<String> java, List<String> arguments, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(java);
        command.addAll(archived());
        command.addAll(arguments);
        return run(folder, command, environment);
    }

    /** Starts any command; of the variables {@code GREETER_*} and {@code OTEL_*} its environment has only these. */
    public static GreeterProcess run(Path folder, List<String> command, Map<String, String> variables)
            throws IOException {
        Path log = Files.createTempFile(folder, "greeter", ".log");
        // what a shell without job control runs in its background is deaf to SIGINT, and so is all that starts from
        // there
        List<String> hearing = new ArrayList<>(List.of("env", "--default-signal=INT"));
        hearing.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(hearing).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GREETER_") || name.startsWith("OTEL_"));
        builder.environment().putAll(variables);
        return new GreeterProcess(log, builder.start());
    }

    /** Options that start the jar as its launcher does, with the archive of classes that lies beside it. */
    public static List<String> archived() {
        Path archive = Path.of(jar()).resolveSibling("greeter.jsa");
        return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-jar", jar());
    }

    public static String jar() {
        return System.getProperty("greeter.jar", "target/greeter.jar");
    }

    public void awaitReady() throws IOException {
        await().atMost(START_TIMEOUT).until(() -> said("ready") || !process.isAlive());
        assertThat(process.isAlive()).as(output()).isTrue();
    }

    public long pid() {
        return process.pid();
    }

    public int greetingPort() throws IOException {
        return port("greeting");
    }

    public int httpPort() throws IOException {
        return port("http");
    }

    public int managementPort() throws IOException {
        return port("management");
    }

    /** What the kernel knows of it. */
    public ProcFs proc() {
        return new ProcFs(process.pid());
    }

    private int port(String server) throws IOException {
        return lines().stream()
                .filter(line ->
                        server.equals(line.getString("server")) && "listening".equals(line.getString("message")))
                .findFirst()
                .orElseThrow()
                .getInteger("port");
    }

    public JsonObject stats() throws IOException, InterruptedException {
        return new JsonObject(get(httpPort(), "/stats").body());
    }

    /** The counts of one protocol, as in the stats. */
    public Map<String, Object> totals(String protocol) throws IOException, InterruptedException {
        return stats().getJsonObject("totals").getJsonObject(protocol).getMap();
    }

    public HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofMinutes(1))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a signal such as {@code TERM}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end and returns the exit code. */
    public int exitCode() throws InterruptedException {
        return exitCode(EXIT_TIMEOUT);
    }

    /** Waits for the end, for this long at most, and returns the exit code. */
    public int exitCode(Duration patience) throws InterruptedException {
        assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended")
                .isTrue();
        return process.exitValue();
    }

    /** The last line with this message. */
    public JsonObject line(String message) throws IOException {
        return lines().stream()
                .filter(line -> message.equals(line.getString("message")))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError(message + " was not logged"));
    }

    public boolean said(String message) throws IOException {
        return lines().stream().anyMatch(line -> message.equals(line.getString("message")));
    }

    /** The log so far, line by line. */
    public List<JsonObject> lines() throws IOException {
        return output().lines()
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .map(JsonObject::new)
                .toList();
    }

    /** The lines with a stack trace, but for those about a thread that a busy machine did not run. */
    public List<JsonObject> stackTraces() throws IOException {
        return lines().stream()
                .filter(line -> line.containsKey("stack_trace"))
                .filter(line -> !line.getString("logger").endsWith("BlockedThreadChecker"))
                .toList();
    }

    public String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}

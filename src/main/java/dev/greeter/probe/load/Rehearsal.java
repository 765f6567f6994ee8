package dev.greeter.probe.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.greeter.client.Url;
import dev.greeter.config.value.HostPort;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.RunClock;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.Target;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Makes exchanges with the probe's own servers on the loopback interface, so that its code is loaded and compiled before there
 * is a schedule to be late for. No target takes part, and nothing is counted.
 */
public final class Rehearsal {
    private static final Load LOAD = new Load(OptionalDouble.empty(), OptionalLong.of(2_000), Duration.ofMillis(400));
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int CONNECTIONS = 4;
    private static final String HOST = "127.0.0.1";
    private static final Buffer WORLD = Buffer.buffer("World");
    private static final int HELLO_OCTETS = 5;
    private static final String PAGE = "<h1>Hello, World!</h1>";
    private static final Buffer RESPONSE =
            Buffer.buffer("HTTP/1.1 200 OK\r\ncontent-length: " + PAGE.length() + "\r\n\r\n" + PAGE);

    private final Vertx vertx;
    private final String run;

    /** @param run starts the tokens of its sessions */
    public Rehearsal(Vertx vertx, String run) {
        this.vertx = vertx;
        this.run = run;
    }

    /** Never fails: without it, a run is only late at its start. */
    public Future<Void> run(List<Mode> modes) {
        List<Future<Void>> all = modes.stream().distinct().map(this::run).toList();
        return Future.all(all).<Void>mapEmpty().otherwiseEmpty();
    }

    private Future<Void> run(Mode mode) {
        NetServer server = vertx.createNetServer().connectHandler(serving(mode));
        return server.listen(0, HOST)
                .compose(listening -> rehearse(mode, listening.actualPort()))
                .eventually(server::close);
    }

    private Future<Void> rehearse(Mode mode, int port) {
        Target here = switch (mode) {
            case ONESHOT, SESSION -> Target.greeting(new HostPort(HOST, port));
            case HTTP, HTTP_KEEPALIVE -> Target.http(new Url(false, new HostPort(HOST, port), "/", null));
        };
        Connector connector = new Connector(vertx, TIMEOUT, null);
        ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
        Driver driver = Driver.of(new Scenario(mode, here), context, connector, TIMEOUT, CONNECTIONS, run);
        return driver.run(LOAD, RunClock.start(InstantSource.system()), false)
                .eventually(driver::close)
                .eventually(connector::close)
                .mapEmpty();
    }

    private static Handler<NetSocket> serving(Mode mode) {
        return switch (mode) {
            case ONESHOT -> socket -> socket.handler(RecordParser.newFixed(HELLO_OCTETS, hello -> socket.end(WORLD)));
            case SESSION -> socket -> socket.handler(RecordParser.newDelimited("\n", line -> socket.write(said(line))));
            case HTTP -> socket -> socket.handler(RecordParser.newDelimited("\r\n\r\n", head -> socket.end(RESPONSE)));
            case HTTP_KEEPALIVE ->
                socket -> socket.handler(RecordParser.newDelimited("\r\n\r\n", head -> socket.write(RESPONSE)));
        };
    }

    private static Buffer said(Buffer line) {
        String text = line.toString(US_ASCII);
        return Buffer.buffer((text.equals("Who") ? "Node probe" : text.replace("Hello", "World")) + "\n");
    }
}

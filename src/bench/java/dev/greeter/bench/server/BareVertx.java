package dev.greeter.bench.server;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The yardstick: answers by Vert.x's own means, and checks, counts, logs and limits nothing. Arguments: the greeting port, the
 * HTTP port and the page's file.
 */
public final class BareVertx {
    private static final int ACCEPT_BACKLOG = 4_096;
    private static final Buffer PREFACE = Buffer.buffer("GREETING/2\n");
    private static final Buffer WORLD = Buffer.buffer("World");
    private static final Buffer WORLD_LINE = Buffer.buffer("World\n");

    private BareVertx() {}

    public static void main(String[] args) throws IOException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        Buffer page = Buffer.buffer(Files.readAllBytes(Path.of(args[2])));
        vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(ACCEPT_BACKLOG))
                .connectHandler(BareVertx::serve)
                .listen(Integer.parseInt(args[0]), "127.0.0.1")
                .await();
        vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(ACCEPT_BACKLOG))
                .requestHandler(request -> request.response()
                        .putHeader("content-type", "text/html; charset=utf-8")
                        .end(page))
                .listen(Integer.parseInt(args[1]), "127.0.0.1")
                .await();
    }

    /** The first octet decides the form; no client here sends less than its whole request at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // the clients notice a failed write
    private static void serve(NetSocket socket) {
        socket.handler(octets -> {
            if (octets.getByte(0) == 'H' && octets.getByte(octets.length() - 1) != '\n') {
                socket.end(WORLD);
                return;
            }
            Buffer answers = Buffer.buffer();
            int start = 0;
            for (int i = 0; i < octets.length(); i++) {
                if (octets.getByte(i) == '\n') {
                    answers.appendBuffer(octets.getByte(start) == 'G' ? PREFACE : WORLD_LINE);
                    start = i + 1;
                }
            }
            socket.write(answers);
        });
    }
}

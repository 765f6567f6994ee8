package dev.greeter.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.client.connect.NetworkFailure.Kind;
import dev.greeter.client.connect.NetworkFailure.Stage;
import dev.greeter.testing.Machine;
import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(VertxExtension.class)
class NetworkFailureTest {
    /** No kernel and no library says this. */
    private static final String TEXT = "Rohr verstopft";

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(Stage.RESOLVING, new UnknownHostException(TEXT), Kind.DNS),
                Arguments.of(Stage.CONNECTING, new UnknownHostException(TEXT), Kind.DNS),
                Arguments.of(Stage.RESOLVING, new IllegalArgumentException(TEXT), Kind.DNS),
                Arguments.of(Stage.RESOLVING, new ChannelException(TEXT, new SocketException(TEXT)), Kind.LOCAL),
                Arguments.of(Stage.CONNECTING, new ConnectException(TEXT), Kind.REFUSED),
                Arguments.of(Stage.CONNECTING, new ConnectTimeoutException(TEXT), Kind.TIMEOUT),
                Arguments.of(Stage.CONNECTING, new NoRouteToHostException(TEXT), Kind.UNREACHABLE),
                Arguments.of(Stage.CONNECTING, new ChannelException(TEXT, new SocketException(TEXT)), Kind.LOCAL),
                // nothing else uses up a port: the loopback has a route
                Arguments.of(Stage.CONNECTING, new BindException(TEXT), Kind.LOCAL),
                Arguments.of(Stage.CONNECTING, new SocketException(TEXT), Kind.RESET),
                Arguments.of(Stage.CONNECTING, new SSLHandshakeException(TEXT), Kind.TLS),
                Arguments.of(Stage.SECURING, new SSLHandshakeException(TEXT), Kind.TLS),
                Arguments.of(Stage.SECURING, new SSLException(new SocketException(TEXT)), Kind.RESET),
                Arguments.of(Stage.SECURING, new ClosedChannelException(), Kind.CLOSED),
                Arguments.of(Stage.OPEN, new SocketException(TEXT), Kind.RESET),
                Arguments.of(Stage.OPEN, new IOException(TEXT), Kind.RESET),
                Arguments.of(Stage.OPEN, new DecoderException(new SSLException(TEXT)), Kind.TLS),
                Arguments.of(Stage.OPEN, new HttpClosedException(TEXT), Kind.CLOSED),
                Arguments.of(Stage.OPEN, new IllegalStateException(TEXT), Kind.OTHER));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void judgesByTypeAndStageWhateverTheTextSays(Stage stage, Exception failure, Kind kind) {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        assertThat(NetworkFailure.of(stage, failure, loopback).kind()).isEqualTo(kind);
    }

    @Test
    void endsWithCausesThatGoInCircles() {
        Exception first = new Exception(TEXT);
        first.initCause(new Exception(TEXT, first));
        assertThat(NetworkFailure.of(Stage.OPEN, first, null).kind()).isEqualTo(Kind.OTHER);
    }

    @Test
    void namesAPortThatNobodyListensOn(Vertx vertx) throws Exception {
        assertThat(connect(vertx, "127.0.0.1", Machine.freePort()).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void namesAnAddressWithoutARoute(Vertx vertx) throws Exception {
        // TCP has no broadcast, and a datagram needs permission for it
        assertThat(connect(vertx, "255.255.255.255", 9).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void namesAResetByAnotherProgram(Vertx vertx) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            NetSocket client = vertx.createNetClient()
                    .connect(server.getLocalPort(), "127.0.0.1")
                    .await();
            client.exceptionHandler(failure::complete);
            try (Socket accepted = server.accept()) {
                accepted.setSoLinger(true, 0);
            }
            assertThat(NetworkFailure.of(Stage.OPEN, failure.get(20, TimeUnit.SECONDS), null)
                            .kind())
                    .isEqualTo(Kind.RESET);
        }
    }

    /** The kernel completes the connect, and the reset comes before the client's event loop asks for the outcome. */
    @Test
    void namesAResetThatIsFasterThanTheConnect(Vertx vertx) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress remote = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            vertx.runOnContext(turn -> {
                vertx.createNetClient()
                        .connect(remote.getPort(), "127.0.0.1")
                        .onComplete(
                                connected -> failure.complete(new AssertionError("the connect came first")),
                                failure::complete);
                vertx.runOnContext(connecting -> {
                    try (Socket accepted = server.accept()) {
                        accepted.setSoLinger(true, 0);
                    } catch (IOException e) {
                        failure.completeExceptionally(e);
                    }
                });
            });
            NetworkFailure reset = NetworkFailure.of(Stage.CONNECTING, failure.get(20, TimeUnit.SECONDS), remote);
            assertThat(reset.kind()).as(reset.text()).isEqualTo(Kind.RESET);
        }
    }

    private static NetworkFailure connect(Vertx vertx, String host, int port) throws Exception {
        InetSocketAddress remote = new InetSocketAddress(host, port);
        @Nullable
        Throwable failure = vertx.createNetClient()
                .connect(port, host)
                .<Throwable>map(connected -> new AssertionError("somebody listens at " + remote))
                .otherwise(cause -> cause)
                .await();
        return NetworkFailure.of(Stage.CONNECTING, failure, remote);
    }
}

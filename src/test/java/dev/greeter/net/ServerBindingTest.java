package dev.greeter.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.testing.BusyAcceptor;
import dev.greeter.testing.Machine;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class ServerBindingTest {
    private static final String HOST = "127.0.0.1";
    private static final int FREE_PORT_ID = 7;
    private static final int MAX_CONNECTIONS = 100;
    private static final int READ_TIMEOUT_MILLIS = 10_000;
    private static final Duration GRACE = Duration.ofSeconds(10);

    private Vertx vertx;

    @BeforeEach
    void use(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Sends back the first octets that it reads, and closes. */
    private static final class EchoVerticle extends VerticleBase {
        private final ServerBinding binding;
        private NetServer server;

        EchoVerticle(ServerBinding binding) {
            this.binding = binding;
        }

        @Override
        public Future<?> start() throws UnknownHostException {
            server = vertx.createNetServer().connectHandler(this::echo);
            return server.listen(binding.address()).onSuccess(listening -> binding.bound(listening.actualPort()));
        }

        private void echo(NetSocket socket) {
            ClientSocket client = ClientSocket.of(socket);
            binding.admit(client);
            socket.shutdownHandler(grace -> {});
            socket.handler(octets -> socket.write(octets).onComplete(written -> client.close()));
        }

        @Override
        public Future<?> stop() {
            return binding.close(context).eventually(() -> server.shutdown(GRACE));
        }
    }

    private record Listening(String host, int port) {
        ServerBinding shared() {
            return new ServerBinding(host, port, FREE_PORT_ID, MAX_CONNECTIONS, 0, null);
        }
    }

    static Stream<Listening> ports() {
        return Stream.of(HOST, "::1", "localhost")
                .flatMap(host -> Stream.of(new Listening(host, 0), new Listening(host, Machine.freePort())));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 20})
    void handsWhatWaitsInTheKernelsQueueToTheInstances(int instances) throws Exception {
        ServerBinding binding = new ServerBinding(HOST, 0, FREE_PORT_ID, MAX_CONNECTIONS, 0, null);
        String deployment = deploy(binding, instances);
        assertThat(echo(connect(HOST, binding))).isEqualTo("hello");
        List<Socket> waiting = new ArrayList<>();
        Future<Void> stopped;
        try (BusyAcceptor acceptor = new BusyAcceptor(vertx)) {
            for (int i = 0; i < 40; i++) {
                waiting.add(connect(HOST, binding));
            }
            stopped = vertx.undeploy(deployment);
            acceptor.release();
        }
        for (Socket socket : waiting) {
            assertThat(echo(socket)).isEqualTo("hello");
        }
        stopped.await();
        assertThatThrownBy(() -> connect(HOST, binding)).isInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @MethodSource("ports")
    void isClosedThoughNobodyEverConnected(Listening listening) {
        ServerBinding binding = listening.shared();
        String deployment = deploy(binding, 2);
        vertx.undeploy(deployment).await();
        assertThatThrownBy(() -> connect(listening.host(), binding)).isInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isClosedBeforeTheStopOfTheInstanceThatAccepts(boolean used) throws Exception {
        Vertx bindingLoops = Vertx.builder()
                .withTransport(LimitedTransport.of(new AcceptLimit(MAX_CONNECTIONS, 0), false))
                .build();
        ServerBinding binding = new ServerBinding(HOST, 0, FREE_PORT_ID, MAX_CONNECTIONS, 0, null);
        try {
            String deployment = bindingLoops
                    .deployVerticle(() -> new EchoVerticle(binding), new DeploymentOptions())
                    .await();
            if (used) {
                assertThat(echo(connect(HOST, binding))).isEqualTo("hello");
            }
            bindingLoops.undeploy(deployment).await();
            assertThatThrownBy(() -> connect(HOST, binding)).isInstanceOf(ConnectException.class);
        } finally {
            bindingLoops.close().await();
        }
    }

    @ParameterizedTest
    @MethodSource("ports")
    void canBeBoundAgain(Listening listening) throws Exception {
        ServerBinding binding = listening.shared();
        for (int again = 0; again < 3; again++) {
            String deployment = deploy(binding, 2);
            if (again > 0) {
                assertThat(echo(connect(listening.host(), binding))).isEqualTo("hello");
            }
            vertx.undeploy(deployment).await();
            assertThatThrownBy(() -> connect(listening.host(), binding)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void leavesOtherPortsOpen() throws Exception {
        ServerBinding one = new ServerBinding(HOST, 0, FREE_PORT_ID, MAX_CONNECTIONS, 0, null);
        ServerBinding other = new ServerBinding(HOST, 0, FREE_PORT_ID + 1, MAX_CONNECTIONS, 0, null);
        String deployment = deploy(one, 2);
        deploy(other, 2);
        vertx.undeploy(deployment).await();
        assertThat(echo(connect(HOST, other))).isEqualTo("hello");
    }

    private String deploy(ServerBinding binding, int instances) {
        return vertx.deployVerticle(() -> new EchoVerticle(binding), new DeploymentOptions().setInstances(instances))
                .await();
    }

    private static Socket connect(String host, ServerBinding binding) throws IOException {
        Socket socket = new Socket(InetAddress.getAllByName(host)[0], binding.port());
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    private static String echo(Socket socket) throws IOException {
        try (socket) {
            socket.getOutputStream().write("hello".getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}

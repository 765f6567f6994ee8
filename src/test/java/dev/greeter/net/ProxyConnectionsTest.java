package dev.greeter.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.config.ProxyProtocol;
import dev.greeter.http.QuietLog;
import dev.greeter.net.ServerBinding.Admission;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that tells each client its address and its admission, behind a proxy at 127.0.0.1. */
class ProxyConnectionsTest {
    private static final String PROXY = "127.0.0.1";
    private static final String STRANGER = "127.0.0.2";
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int MAX_CONNECTIONS = 3;

    private final ServerBinding binding = new ServerBinding(PROXY, 0, 7, MAX_CONNECTIONS, 1, null);
    private final Vertx vertx = Vertx.builder()
            .withTransport(LimitedTransport.of(new AcceptLimit(100, 0), false, binding))
            .build();
    private final List<RawClient> clients = new ArrayList<>();
    private String deployment = "";

    private final class Telling extends VerticleBase {
        private NetServer server;

        @Override
        public Future<?> start() throws UnknownHostException {
            server = vertx.createNetServer().connectHandler(this::tell);
            return server.listen(binding.address()).onSuccess(listening -> binding.bound(listening.actualPort()));
        }

        private void tell(NetSocket socket) {
            ClientSocket client = ClientSocket.of(socket);
            Admission admission = binding.admit(client);
            client.onClose(() -> binding.release(admission));
            socket.shutdownHandler(grace -> {});
            socket.write(client.peer() + " " + admission + "\n");
            socket.handler(octets -> socket.write(octets).onComplete(written -> client.close()));
        }

        @Override
        public Future<?> stop() {
            return binding.close(context).eventually(() -> server.shutdown(GRACE));
        }
    }

    private void serve(Duration timeout) {
        serve(timeout, Duration.ofMillis(300));
    }

    private void serve(Duration timeout, Duration lastChance) {
        binding.expectHeaders(new ProxyProtocol(List.of(PROXY)), () -> timeout, lastChance);
        deployment = vertx.deployVerticle(new Telling()).await();
    }

    private RawClient connect(String from) {
        RawClient client = RawClient.from(from, binding.port());
        clients.add(client);
        return client;
    }

    private static String header(String client) {
        return "PROXY TCP4 " + client + " 192.0.2.9 4711 1234\r\n";
    }

    @AfterEach
    void close() {
        clients.forEach(RawClient::close);
        vertx.close().await();
    }

    @Test
    void knowsAProxysClientsByTheHeaderAndOthersByTheirConnection() {
        serve(GRACE);
        RawClient stranger = connect(STRANGER);
        assertThat(connect(PROXY).send(header("10.1.2.3") + "Hello").rest()).isEqualTo("10.1.2.3:4711 ADMITTED\nHello");
        RawClient check = connect(PROXY);
        assertThat(check.send("PROXY UNKNOWN\r\nHello").rest())
                .isEqualTo("%s:%d ADMITTED\nHello".formatted(PROXY, check.port()));
        assertThat(stranger.send(header("10.1.2.3")).rest())
                .isEqualTo("%s:%d ADMITTED\n%s".formatted(STRANGER, stranger.port(), header("10.1.2.3")));
    }

    @Test
    void expectsNoHeaderAtTheSamePortOfAnotherAddress() {
        serve(GRACE);
        NetServer neighbour = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(octets -> {
                    socket.end(octets);
                }));
        neighbour.listen(binding.port(), STRANGER).await();
        try (RawClient client = RawClient.between(PROXY, STRANGER, binding.port())) {
            assertThat(client.send("Hello").octets(5)).isEqualTo("Hello");
        }
    }

    @Test
    void limitsEachClientOfAProxyByItself() {
        binding.limitPeers(new Config.Peers(1, 0));
        serve(GRACE);
        assertThat(connect(PROXY).send(header("10.1.2.3")).octets(22)).contains("ADMITTED");
        assertThat(connect(PROXY).send(header("10.1.2.4")).octets(22)).contains("ADMITTED");
        assertThat(connect(PROXY).send(header("10.1.2.3")).octets(26)).contains("PEER_REFUSED");
    }

    @Test
    void doesNotLimitAProxysOwnConnections() {
        binding.limitPeers(new Config.Peers(1, 1));
        serve(GRACE);
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            assertThat(connect(PROXY).send("PROXY UNKNOWN\r\n").octets(24)).contains("ADMITTED");
        }
    }

    @Test
    void countsAConnectionFromItsAccept() {
        serve(Duration.ofMinutes(5));
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            connect(PROXY);
        }
        await().until(binding::isFull);
        RawClient refused = connect(PROXY).send(header("10.1.2.3"));
        assertThat(refused.octets(21)).contains("REFUSED");
        assertThat(connect(PROXY).rest()).as("beyond those that are refused").isEmpty();
        clients.forEach(RawClient::leave);
        await().until(() -> !binding.isFull());
        assertThat(connect(PROXY).send(header("10.1.2.3")).octets(22)).contains("ADMITTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PROXY TCP4 10.1.2.3 192.0"})
    void closesAConnectionWhoseHeaderDoesNotComeInTime(String octets) {
        serve(Duration.ofMillis(300));
        assertThat(restOrReset(connect(PROXY).send(octets))).isEmpty();
    }

    @Test
    void closesAConnectionWhoseHeaderComesTooSlowly() {
        serve(Duration.ofMillis(300));
        assertThat(restOrReset(connect(PROXY).trickle(header("10.1.2.3"), 50))).isEmpty();
    }

    /** Octets that the server has not read make its close a reset. */
    private static String restOrReset(RawClient client) {
        try {
            return client.rest();
        } catch (UncheckedIOException reset) {
            return "";
        }
    }

    @Test
    void saysNothingOfAConnectionWithoutAnyOctet() {
        serve(Duration.ofMillis(300));
        try (QuietLog log = QuietLog.listen()) {
            connect(PROXY).leave();
            connect(PROXY).reset();
            assertThat(connect(PROXY).halfClose().rest()).isEmpty();
            assertThat(connect(PROXY).rest()).as("at the end of its time").isEmpty();
            log.assertQuiet();
        }
    }

    @Test
    void servesAConnectionWhoseHeaderComesDuringTheDrain() {
        serve(Duration.ofMinutes(5), GRACE);
        RawClient accepted = connect(PROXY).send("PROXY ");
        // the first octets are read, because those of a later connection are
        assertThat(connect(PROXY).send(header("10.1.2.4") + "Hello").rest()).contains("Hello");
        Future<Void> stopped = vertx.undeploy(deployment);
        await().until(this::isClosed);
        assertThat(accepted.send(header("10.1.2.3").substring(6) + "Hello").rest())
                .isEqualTo("10.1.2.3:4711 ADMITTED\nHello");
        stopped.await();
    }

    private boolean isClosed() {
        try {
            new RawClient(binding.port()).leave();
            return false;
        } catch (UncheckedIOException refused) {
            return true;
        }
    }

    @Test
    void endsADrainThoughAHeaderDoesNotCome() {
        serve(Duration.ofMinutes(5));
        RawClient silent = connect(PROXY);
        await().until(() ->
                connect(PROXY).send(header("10.1.2.4") + "Hello").rest().contains("Hello"));
        vertx.undeploy(deployment).await();
        assertThat(silent.rest()).isEmpty();
    }
}

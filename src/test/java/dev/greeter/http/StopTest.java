package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.BusyAcceptor;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that are not accepted yet when the server is stopped. */
class StopTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void answersEveryConnectionThatItAccepts(int instances) throws Exception {
        try (TestServer server = TestServer.web(TestServer.NODE, TestServer.GRACE, instances)) {
            server.changeLimit(1_000);
            server.connect().get("/", "connection: close").toEnd();
            assertThatAllAreAnswered(server, "/");
            assertThat(server.ledger.outcomes()).hasSize(17).containsOnly("answered");
            assertThat(server.ledger.cut()).isZero();
        }
    }

    @Test
    void answersEveryConnectionThatTheManagementAccepts() throws Exception {
        try (TestServer server = TestServer.management(List.of(), List.of())) {
            server.connect().get("/livez", "connection: close").toEnd();
            assertThatAllAreAnswered(server, "/livez");
        }
    }

    private static void assertThatAllAreAnswered(TestServer server, String path) throws Exception {
        List<RawClient> clients = new ArrayList<>();
        Future<Void> stopped;
        try (BusyAcceptor acceptor = new BusyAcceptor(((VertxInternal) server.vertx).nettyEventLoopGroup())) {
            for (int i = 0; i < 16; i++) {
                clients.add(server.connect().get(path));
            }
            stopped = server.undeploy();
            acceptor.release();
        }
        assertThat(clients).allSatisfy(client -> assertThat(client.toEnd()).startsWith("HTTP/1.1 200 OK\r\n"));
        stopped.await();
    }
}

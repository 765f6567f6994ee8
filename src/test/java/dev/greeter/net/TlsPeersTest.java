package dev.greeter.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.greeter.config.ProxyProtocol;
import dev.greeter.net.tls.ServerTls;
import dev.greeter.net.tls.TlsConnection;
import dev.greeter.testing.RawClient;
import dev.greeter.testing.SelfSignedCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** How the log names clients whose handshake fails. */
class TlsPeersTest {
    private static final String PROXY = "127.0.0.1";
    private static final String STRANGER = "127.0.0.2";
    private static final byte[] NO_HANDSHAKE = {22, 3, 1, 0, 5, 1, 2, 3, 4, 5};

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };

    @Test
    void namesAClientByItsAddressAndAProxysByTheHeader(@TempDir Path folder) throws Exception {
        ServerTls tls =
                new ServerTls("greeting", SelfSignedCertificate.create(folder).tls(), List.of());
        ServerBinding binding = new ServerBinding(PROXY, 0, 7, 3, 1, tls);
        binding.expectHeaders(new ProxyProtocol(List.of(PROXY)), () -> Duration.ofMinutes(1));
        Vertx vertx = Vertx.builder()
                .withTransport(LimitedTransport.of(new AcceptLimit(100, 0), false, binding))
                .build();
        Logger logger = (Logger) LoggerFactory.getLogger(TlsConnection.class);
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.DEBUG);
        try {
            NetServer server = vertx.createNetServer().connectHandler(socket -> binding.admit(ClientSocket.of(socket)));
            binding.bound(server.listen(binding.address()).await().actualPort());
            try (RawClient proxied = RawClient.from(PROXY, binding.port());
                    RawClient stranger = RawClient.from(STRANGER, binding.port())) {
                proxied.send("PROXY TCP4 10.1.2.3 192.0.2.9 4711 1234\r\n").send(NO_HANDSHAKE);
                await().until(() -> lines.size() == 1);
                stranger.send(NO_HANDSHAKE);
                await().until(() -> lines.size() == 2);
                assertThat(lines.get(0)).startsWith("10.1.2.3:4711: the TLS handshake failed: ");
                assertThat(lines.get(1)).startsWith(STRANGER + ":" + stranger.port() + ": the TLS handshake failed: ");
            }
        } finally {
            logger.setLevel(null);
            logger.detachAppender(log);
            vertx.close().await();
        }
    }
}

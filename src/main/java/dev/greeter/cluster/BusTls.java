package dev.greeter.cluster;

import dev.greeter.config.Config;
import dev.greeter.config.pem.PemFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Mutual TLS for the event bus. Each file is read once, because the bus uses it as a server and as a client. */
final class BusTls {
    private final Map<String, PemFile> read = new HashMap<>();

    private BusTls() {}

    /** @throws IOException with one line that says which file cannot be read and why */
    static void set(EventBusOptions bus, Config.Cluster.BusTls files) throws IOException {
        BusTls tls = new BusTls();
        bus.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(tls.pem("cluster.tls.certificate", files.certificate()))
                        .addKeyValue(tls.pem("cluster.tls.key", files.key())))
                // the bus copies its options as JSON, which has no trust but of Vert.x's own kinds
                .setTrustOptions(new PemTrustOptions().addCertValue(tls.pem("cluster.tls.trust", files.trust())))
                .setClientAuth(ClientAuth.REQUIRED)
                // true by default
                .setTrustAll(false);
    }

    private Buffer pem(String key, String path) throws IOException {
        PemFile file = read.computeIfAbsent(path, PemFile::read);
        if (!file.problem().isEmpty()) {
            throw new IOException(key + " is \"" + path + "\", but " + file.problem());
        }
        return Buffer.buffer(file.contents(), StandardCharsets.ISO_8859_1.name());
    }
}

package dev.greeter.cluster;

import dev.greeter.config.Config;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Mutual TLS for the event bus. Each file is read once, because the bus uses it as a server and as a client. */
final class BusTls {
    private static final int MAX_OCTETS = 1 << 20;

    private final Map<String, Buffer> read = new HashMap<>();

    private BusTls() {}

    /** @throws IOException with one line that says which file cannot be read and why */
    static void set(EventBusOptions bus, Config.Cluster.BusTls files) throws IOException {
        BusTls tls = new BusTls();
        bus.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(tls.pem("cluster.tls.certificate", files.certificate()))
                        .addKeyValue(tls.pem("cluster.tls.key", files.key())))
                .setTrustOptions(new PemTrustOptions().addCertValue(tls.pem("cluster.tls.trust", files.trust())))
                .setClientAuth(ClientAuth.REQUIRED)
                // true by default
                .setTrustAll(false);
    }

    private Buffer pem(String key, String file) throws IOException {
        Buffer known = read.get(file);
        if (known != null) {
            return known;
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            if (octets.length > MAX_OCTETS) {
                throw new IOException("it is larger than " + MAX_OCTETS + " octets");
            }
            Buffer pem = Buffer.buffer(octets);
            read.put(file, pem);
            return pem;
        } catch (IOException | InvalidPathException e) {
            throw new IOException(key + " " + file + " cannot be read: " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}

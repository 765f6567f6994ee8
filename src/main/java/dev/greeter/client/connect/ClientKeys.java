package dev.greeter.client.connect;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives the client's certificate to every server that asks for one of its kind, also if it names other authorities: its alert
 * then says what is wrong. Remembers which handshakes were asked. Thread-safe.
 */
final class ClientKeys extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final Optional<ClientCertificate> certificate;

    /** Whether a certificate was given, by the engine of a connection. */
    private final Map<SSLEngine, Boolean> asked = Collections.synchronizedMap(new WeakHashMap<>());

    ClientKeys(Optional<ClientCertificate> certificate) {
        this.certificate = certificate;
    }

    boolean wasAsked(SSLEngine engine) {
        return asked.containsKey(engine);
    }

    boolean gave(SSLEngine engine) {
        return asked.getOrDefault(engine, false);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        String alias = chooseClientAlias(keyTypes, issuers, null);
        asked.merge(engine, alias != null, Boolean::logicalOr);
        return alias;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, @Nullable Socket socket) {
        return certificate
                .filter(known -> Arrays.asList(keyTypes)
                        .contains(known.chain().get(0).getPublicKey().getAlgorithm()))
                .map(known -> ALIAS)
                .orElse(null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
        return certificate.isPresent() ? new String[] {ALIAS} : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return certificate
                .map(known -> known.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return certificate.map(ClientCertificate::key).orElse(null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}

package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import dev.greeter.client.connect.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which servers a client trusts over TLS. */
public final class TrustOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Certificates (PEM) to trust for https, instead of those that Java knows.")
    private @Nullable Path ca;

    @Option(names = "--insecure", description = "Trust any certificate for https.")
    private boolean insecure;

    public Trust trust() {
        if (ca == null) {
            return new Trust(Optional.empty(), insecure);
        }
        if (insecure) {
            throw misuse("--ca and --insecure exclude each other");
        }
        try (InputStream in = Files.newInputStream(ca)) {
            List<X509Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (authorities.isEmpty()) {
                throw misuse("--ca: no certificate in " + TerminalText.quoted(ca.toString()));
            }
            return new Trust(Optional.of(authorities), false);
        } catch (IOException | CertificateException e) {
            throw misuse("--ca: " + TerminalText.quoted(ca.toString()) + " is no file of certificates in PEM");
        }
    }

    private ParameterException misuse(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}

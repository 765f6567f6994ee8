package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import dev.greeter.client.connect.ClientCertificate;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.pem.PemFile;
import dev.greeter.config.value.HostPort;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How a client speaks TLS. */
public final class TlsOptions {
    private static final String CA = "--ca";
    private static final String CERT = "--cert";
    private static final String KEY = "--key";
    private static final String INSECURE = "--insecure";
    private static final String SERVER_NAME = "--server-name";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = CA,
            paramLabel = "FILE",
            description = "Over TLS: certificates (PEM) of the authorities to trust, instead of those that Java knows.")
    private @Nullable Path ca;

    @Option(
            names = CERT,
            paramLabel = "FILE",
            description = "Over TLS: the client's certificate (PEM), for a server that asks for one.")
    private @Nullable Path cert;

    @Option(names = KEY, paramLabel = "FILE", description = "The private key of --cert (PEM, PKCS#8).")
    private @Nullable Path key;

    @Option(names = INSECURE, description = "Over TLS: trust any server, and check no name and no date.")
    private boolean insecure;

    @Option(
            names = SERVER_NAME,
            paramLabel = "NAME",
            converter = NameConverter.class,
            description = "Over TLS: the name to send and to check, instead of the target's.")
    private @Nullable String serverName;

    static final class NameConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                return HostPort.host(text.contains(":") ? "[" + text + "]" : text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        TerminalText.quoted(text) + " is not a server's name, such as greeter.example");
            }
        }
    }

    /**
     * Reads the files that the options name.
     *
     * @throws ParameterException in one line, if an option, or its file, is wrong
     */
    public ClientTls read() {
        if (ca != null && insecure) {
            throw misuse(CA + " and " + INSECURE + " exclude each other");
        }
        return new ClientTls(
                Optional.ofNullable(ca).map(file -> certificates(CA, file)),
                insecure ? ClientTls.Check.NOTHING : ClientTls.Check.NAME,
                certificate(),
                Optional.ofNullable(serverName));
    }

    /** The same, where the target that the user names must speak TLS for any of the options to make sense. */
    public ClientTls read(boolean isTls) {
        if (!isTls) {
            refuse(CA, ca != null);
            refuse(CERT, cert != null);
            refuse(KEY, key != null);
            refuse(INSECURE, insecure);
            refuse(SERVER_NAME, serverName != null);
        }
        return read();
    }

    private void refuse(String option, boolean given) {
        if (given) {
            throw misuse(option + " needs a target over TLS (tls:// or https://)");
        }
    }

    private Optional<ClientCertificate> certificate() {
        if (cert == null && key == null) {
            return Optional.empty();
        }
        if (cert == null || key == null) {
            throw misuse(cert == null ? KEY + " needs " + CERT : CERT + " needs " + KEY);
        }
        List<X509Certificate> chain = certificates(CERT, cert);
        try {
            return Optional.of(ClientCertificate.of(chain, PemFile.read(key)));
        } catch (PemFile.WrongFileException e) {
            throw wrong(KEY, key, e);
        }
    }

    private List<X509Certificate> certificates(String option, Path file) {
        try {
            return PemFile.read(file).certificates();
        } catch (PemFile.WrongFileException e) {
            throw wrong(option, file, e);
        }
    }

    private ParameterException wrong(String option, Path file, PemFile.WrongFileException e) {
        return misuse(option + ": " + TerminalText.quoted(file.toString()) + ": " + e.getMessage());
    }

    private ParameterException misuse(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}

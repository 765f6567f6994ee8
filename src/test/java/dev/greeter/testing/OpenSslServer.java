package dev.greeter.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** OpenSSL's server of pages over TLS, on a free port. */
public final class OpenSslServer implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final int port;

    private OpenSslServer(Process process) throws IOException {
        this.process = process;
        out = process.inputReader();
        String line = out.readLine();
        while (line != null && !line.startsWith("ACCEPT")) {
            line = out.readLine();
        }
        port = Integer.parseInt(String.valueOf(line).replaceAll(".*:", ""));
    }

    /**
     * Starts one.
     *
     * @param certificate in PEM
     * @param key in PEM
     * @param options more of them for {@code openssl s_server}
     */
    public static OpenSslServer start(Path certificate, Path key, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(Machine.program("openssl"), "s_server", "-www"));
        command.addAll(List.of("-accept", "127.0.0.1:0"));
        command.addAll(List.of("-cert", certificate.toString(), "-key", key.toString()));
        command.addAll(options);
        return new OpenSslServer(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** With the host of {@link SelfSignedCertificate#create}. */
    public String target() {
        return "localhost:" + port;
    }

    public String url() {
        return "https://" + target() + "/";
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        out.close();
    }
}

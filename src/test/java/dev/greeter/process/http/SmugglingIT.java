package dev.greeter.process.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.process.http.HttpProxyIT.Kind;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Requests whose end a proxy and the service might see in two places, so that the rest of one client's request becomes the start of
 * another's (RFC 9112, section 11.2). The proxy adds the target that it believes it answers to each response, and the service's
 * responses name the target that it answered.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SmugglingIT {
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nhost: greeter\r\n\r\n";
    private static final String HIDDEN_IN_CHUNKS =
            Integer.toHexString(HIDDEN.length()) + "\r\n" + HIDDEN + "\r\n0\r\n\r\n";

    /** How long an attacker waits for further octets. */
    private static final int QUIET_MILLIS = 400;

    private static final int VICTIMS = 2;

    private static final Pattern RESPONSE = Pattern.compile("(?s)HTTP/1\\.[01] \\d{3} .*?(?=HTTP/1\\.[01] \\d{3} |$)");
    private static final Pattern BELIEVED = Pattern.compile("\r\nx-proxy-target: (\\S+)\r\n", Pattern.CASE_INSENSITIVE);
    private static final Pattern ANSWERED = Pattern.compile("\"instance\":\"([^\"]*)\"");

    @TempDir
    Path folder;

    /** Complete requests for {@code /outer}, by some reading. */
    private static List<String> shapes() {
        List<String> shapes = new ArrayList<>();
        String end = "0\r\n\r\n";
        int length = end.length() + HIDDEN.length();
        for (String coding : List.of(
                "Transfer-Encoding: chunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked\0",
                "Transfer\0-Encoding: chunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding:\r\n chunked",
                "Transfer-Encoding:\n chunked",
                " Transfer-Encoding: chunked",
                "X: y\r\n Transfer-Encoding: chunked",
                "X: y\nTransfer-Encoding: chunked",
                "X: y\rTransfer-Encoding: chunked",
                "X: y\0\r\nTransfer-Encoding: chunked",
                "transfer_encoding: chunked",
                "Connection: transfer-encoding\r\nTransfer-Encoding: chunked",
                "Connection: content-length\r\nX: y")) {
            shapes.add(post("1.1", coding + "\r\nContent-Length: " + length, end + HIDDEN));
            shapes.add(post("1.1", "Content-Length: " + length + "\r\n" + coding, end + HIDDEN));
            shapes.add(post("1.1", "Content-Length: 4\r\n" + coding, HIDDEN_IN_CHUNKS));
            shapes.add(post("1.1", coding, HIDDEN_IN_CHUNKS));
            shapes.add(post("1.0", coding + "\r\nConnection: keep-alive", HIDDEN_IN_CHUNKS));
        }
        for (String value : List.of(
                "+%d",
                "-%d", "0x%x", "%d, 0", "0, %d", "%1$d, %1$d", "%d 0", "%d;", "0%d", "%d\0", "\t%d", "%d\u000b", "")) {
            shapes.add(post("1.1", "Content-Length: " + value.formatted(HIDDEN.length()), HIDDEN));
        }
        shapes.add(post("1.1", "Content-Length: 0\r\nContent-Length: " + HIDDEN.length(), HIDDEN));
        shapes.add(post("1.1", "Content-Length: " + HIDDEN.length() + "\r\nContent-Length: 0", HIDDEN));
        shapes.add(post("1.1", "Content-Length: 0\r\n Content-Length: " + HIDDEN.length(), HIDDEN));
        shapes.add(post("1.1", "Content-Length: 18446744073709551616", HIDDEN));
        for (String size : List.of(
                "0x%x",
                "+%x",
                "-%x",
                "%x ",
                " %x",
                "000000000000000%x",
                "1000000000000000%x",
                "%x;a=b",
                "%x;a=\"\r\nb\"",
                "%x;\n",
                "%x;a\rb",
                "%x\n",
                "%x\0",
                "%x;" + "a".repeat(5_000))) {
            String first = size.formatted(HIDDEN.length());
            shapes.add(post("1.1", "Transfer-Encoding: chunked", first + "\r\n" + HIDDEN + "\r\n0\r\n\r\n"));
            shapes.add(post(
                    "1.1", "Transfer-Encoding: chunked", "5\r\nHello\r\n" + first + "\r\n" + HIDDEN + "\r\n0\r\n\r\n"));
        }
        for (String chunks : List.of(
                "5\r\nHello0\r\n\r\n",
                "5\r\nHello\n0\r\n\r\n",
                "5\nHello\r\n0\r\n\r\n",
                "5\r\nHelloXX0\r\n\r\n",
                "0\n\n",
                "0\r\n\n",
                "0\r\nContent-Length: 40\r\n\r\n",
                "0\r\nTransfer-Encoding: chunked\r\n\r\n",
                "0\r\nX\r\n\r\n",
                "2;\nxx\r\n" + Integer.toHexString(HIDDEN.length() + 7) + "\r\n0\r\n\r\n",
                "2\r\nxx\n4\r\n0\r\n\r\n")) {
            shapes.add(post("1.1", "Transfer-Encoding: chunked", chunks + HIDDEN));
        }
        shapes.add("GET /outer HTTP/1.1\r\nhost: greeter\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN);
        shapes.add("HEAD /outer HTTP/1.1\r\nhost: greeter\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN);
        shapes.add("GET /outer HTTP/1.1\r\nhost: greeter\r\nhost: other\r\n\r\n");
        shapes.add("GET http://other/outer HTTP/1.1\r\nhost: greeter\r\n\r\n");
        shapes.add("GET /outer HTTP/1.1\r\n" + HIDDEN);
        shapes.add("GET /outer HTTP/1.1 HTTP/1.1\r\nhost: greeter\r\n\r\n");
        shapes.add("GET\t/outer\tHTTP/1.1\r\nhost: greeter\r\n\r\n");
        shapes.add("GET /outer HTTP/1.1\nhost: greeter\n\n");
        shapes.add("GET /outer\0 HTTP/1.1\r\nhost: greeter\r\n\r\n");
        shapes.add("GET /outer HTTP/1.1\r\nhost: greeter\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");
        shapes.add(get(
                "/outer",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        shapes.add(get(
                "/eventbus/websocket",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                HIDDEN));
        return shapes;
    }

    private static String get(String target, String fields, String behind) {
        return "GET " + target + " HTTP/1.1\r\nhost: greeter\r\n" + fields + "\r\n\r\n" + behind;
    }

    private static String post(String version, String fields, String body) {
        return "POST /outer HTTP/" + version + "\r\nhost: greeter\r\n" + fields + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @EnumSource
    void answersNoRequestThatTheProxyDoesNotKnow(Kind kind) throws Exception {
        int compared = 0;
        try (GreeterProcess greeter = GreeterProcess.serve(folder);
                HttpProxy proxy = kind.before(folder, greeter.httpPort())) {
            List<String> shapes = shapes();
            for (int number = 0; number < shapes.size(); number++) {
                String shape = shapes.get(number);
                compared += compare(shape, attack(proxy.port(), shape, number));
                for (int victim = 0; victim < VICTIMS; victim++) {
                    String target = "/victim-" + number + "-" + victim;
                    try (RawClient client = new RawClient(proxy.port())) {
                        String answer = client.get(target, "connection: close").rest();
                        assertThat(compare(shape, answer))
                                .as(() -> shape + " then " + answer)
                                .isEqualTo(1);
                        assertThat(answer).as(shape).contains("\"instance\":\"" + target + "\"");
                    }
                }
            }
            assertThat(greeter.stackTraces()).isEmpty();
        }
        assertThat(compared).as("responses to attackers").isPositive();
    }

    /** All that comes back for the shape and the request behind it, until it is quiet. */
    private static String attack(int port, String shape, int number) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(QUIET_MILLIS);
            String after = "GET /after-" + number + " HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\n\r\n";
            socket.getOutputStream().write((shape + after).getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                read.write(octet);
            }
        } catch (IOException quietOrCut) {
            // what has come is compared
        }
        return read.toString(ISO_8859_1);
    }

    /** Returns the number of responses of the service, each to the request that the proxy means. */
    private static int compare(String shape, String answers) {
        int compared = 0;
        for (String response :
                RESPONSE.matcher(answers).results().map(found -> found.group()).toList()) {
            Matcher believed = BELIEVED.matcher(response);
            Matcher answered = ANSWERED.matcher(response);
            if (believed.find() && answered.find()) {
                assertThat(Stream.of(answered.group(1), "http://other" + answered.group(1)))
                        .as(() -> shape + " got " + answers)
                        .contains(believed.group(1));
                compared++;
            }
        }
        return compared;
    }
}

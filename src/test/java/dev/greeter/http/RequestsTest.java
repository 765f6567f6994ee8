package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import dev.greeter.testing.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What RFC 9110 and RFC 9112 say of requests, at both HTTP ports: {@code requests.txt} has it as a table. */
class RequestsTest {
    /** Shows whether the octets before it were a whole request, and nothing more. */
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: greeter\r\nConnection: close\r\n\r\n";

    private static TestServer application;
    private static TestServer management;

    @BeforeAll
    static void start() {
        application = TestServer.web();
        management = TestServer.management(new Config.Faults("", List.of(), Duration.ofMinutes(1)));
    }

    @AfterAll
    static void stop() {
        application.close();
        management.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvFileSource(resources = "requests.txt", delimiter = '|', quoteCharacter = '\u00a7')
    void answersByTheStandard(String section, String what, String octets, int status, String connection) {
        boolean kept = connection.equals("kept");

        check(application, octets, status, kept);
        if (octets.contains(" / ") || status != 200) {
            check(management, octets.replace(" / ", " /livez "), status, kept);
        }
    }

    private static void check(TestServer server, String octets, int status, boolean kept) {
        try (RawClient client = server.connect()) {
            client.sendInBackground(octets.translateEscapes() + NEXT);
            String all = client.toEnd();

            assertThat(statuses(all)).as(all).isEqualTo(kept ? List.of(status, 404) : List.of(status));
            if (!kept && status >= 400) {
                assertThat(all)
                        .contains("\r\nconnection: close\r\n")
                        .contains("\r\ncontent-type: application/problem+json\r\n");
            }
        }
    }

    /** Of all responses one behind the other. */
    private static List<Integer> statuses(String all) {
        return Pattern.compile("(?:^|(?<=[\\n}]))HTTP/1\\.[01] (\\d{3}) ")
                .matcher(all)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .toList();
    }
}

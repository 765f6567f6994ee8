package dev.greeter.process.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The jar behind proxies that others wrote, with requests that are refused before they are read. */
class HttpProxyIT {
    private static final int LONG_BODY_OCTETS = 10_000_000;
    private static final int REPEAT = Integer.getInteger("greeter.repeat", 6);

    @TempDir
    Path folder;

    enum Kind {
        NGINX,
        HAPROXY;

        HttpProxy before(Path folder, int port) throws IOException {
            return switch (this) {
                case NGINX -> HttpProxy.nginx(folder, port);
                case HAPROXY -> HttpProxy.haproxy(folder, port);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesOnThatABodyIsTooLong(Kind kind) throws Exception {
        Path body = Files.write(folder.resolve("body"), new byte[LONG_BODY_OCTETS]);
        List<String> post = List.of("--data-binary", "@" + body);
        try (GreeterProcess greeter = GreeterProcess.serve(folder);
                HttpProxy http = kind.before(folder, greeter.httpPort());
                HttpProxy management = kind.before(folder, greeter.managementPort())) {
            for (int i = 0; i < REPEAT; i++) {
                assertThat(http.curl(post, "/", "/stats", "/nowhere", "/eventbus/websocket"))
                        .as(http.output())
                        .isEqualTo(Collections.nCopies(4, "413"));
                assertThat(management.curl(post, "/metrics", "/nowhere"))
                        .as(management.output())
                        .isEqualTo(Collections.nCopies(2, "413"));
            }
            await().untilAsserted(() -> assertThat(greeter.totals("http"))
                    .isEqualTo(Map.of("answered", 0, "refused", REPEAT, "failed", 0)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsConnectionsByAllOtherAnswers(Kind kind) throws Exception {
        Path body = Files.write(folder.resolve("body"), new byte[60_000]);
        List<String> post = List.of("--data-binary", "@" + body);
        try (GreeterProcess greeter = GreeterProcess.serve(folder);
                HttpProxy http = kind.before(folder, greeter.httpPort())) {
            for (int i = 0; i < REPEAT; i++) {
                assertThat(http.curl(post, "/", "/nowhere", "/stats", "/eventbus/websocket"))
                        .as(http.output())
                        .containsExactly("405", "404", "405", "405");
                assertThat(http.curl(List.of(), "/", "/stats", "/nowhere", "/stats?scope=x"))
                        .containsExactly("200", "200", "404", "400");
            }
            assertThat(peers(greeter)).as("connections of its pages").hasSizeLessThan(REPEAT);
        }
    }

    private static Set<String> peers(GreeterProcess greeter) throws IOException, InterruptedException {
        return new JsonArray(greeter.get(greeter.httpPort(), "/exchanges").body())
                .stream()
                        .map(exchange -> ((JsonObject) exchange).getString("peer"))
                        .collect(Collectors.toSet());
    }
}

package dev.greeter.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFetchTest {
    private static final Url SERVER = Url.parse("http://localhost/stats");

    @Test
    void readsAnObject() throws ClientException {
        assertThat(answer(Buffer.buffer(" {\"a\": 1}")).json(SERVER, "stats")).isEqualTo(new JsonObject().put("a", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{", "{} {}", "/**/{}", "{\"a\":1,\"a\":2}", "\uFEFF{}"})
    void saysThatAnotherBodyIsNone(String body) {
        assertNone(Buffer.buffer(body));
    }

    @Test
    void saysThatOctetsWithoutTextAreNone() {
        assertNone(Buffer.buffer(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}));
    }

    private static void assertNone(Buffer body) {
        assertThatThrownBy(() -> answer(body).json(SERVER, "stats"))
                .isInstanceOf(ClientException.class)
                .hasMessage("http://localhost/stats: answered HTTP/1.1 200 OK, and no stats");
    }

    private static HttpFetch.Answer answer(Buffer body) {
        return new HttpFetch.Answer("HTTP/1.1", 200, "OK", EmptyHttpHeaders.INSTANCE, body, null);
    }
}

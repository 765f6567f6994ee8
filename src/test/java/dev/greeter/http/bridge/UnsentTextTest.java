package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.json.JsonText;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnsentTextTest {
    /** 42 octets, and 84 as it stands within a string. */
    private static final String QUOTES = "\"".repeat(20);

    private final JsonText body = JsonText.of(QUOTES);

    @Test
    void countsABodyOnceThatSeveralWaitFor() {
        UnsentText unsent = new UnsentText(84);
        assertThat(unsent.keep(body, BridgeFraming.RAW)).isTrue();
        assertThat(unsent.keep(body, BridgeFraming.RAW)).isTrue();
        assertThat(unsent.keep(JsonText.of(QUOTES), BridgeFraming.RAW)).isFalse();
        unsent.release(body, BridgeFraming.RAW);
        assertThat(unsent.keep(JsonText.of(QUOTES), BridgeFraming.RAW)).isFalse();
        unsent.release(body, BridgeFraming.RAW);
        assertThat(unsent.keep(JsonText.of(QUOTES), BridgeFraming.RAW)).isTrue();
    }

    @Test
    void countsTheLengthWithinAString() {
        assertThat(new UnsentText(125).keep(body, BridgeFraming.SOCKJS)).isFalse();
        assertThat(new UnsentText(126).keep(body, BridgeFraming.SOCKJS)).isTrue();
    }

    @Test
    void losesNothingOfServerInstancesThatUseItAtTheSameTime() {
        UnsentText unsent = new UnsentText(84L * 4);
        List<CompletableFuture<Void>> instances = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        JsonText reply = JsonText.of(QUOTES);
                        assertThat(unsent.keep(reply, BridgeFraming.RAW)).isTrue();
                        unsent.release(reply, BridgeFraming.RAW);
                    }
                }))
                .limit(4)
                .toList();
        instances.forEach(CompletableFuture::join);
        IntStream.range(0, 4)
                .forEach(reply -> assertThat(unsent.keep(JsonText.of(QUOTES), BridgeFraming.RAW))
                        .isTrue());
        assertThat(unsent.keep(body, BridgeFraming.RAW)).isFalse();
    }
}

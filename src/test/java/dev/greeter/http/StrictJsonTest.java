package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StrictJsonTest {
    /** For names of this many pairs, each of two with one hash. */
    private static final int PAIRS = 11;

    private static final int NAMES = 1 << PAIRS;

    /** In Jackson, where a hash is multiplied by 33 for each character, and in String, by 31. */
    @Test
    void readsManyNamesWithTheSameHash() {
        for (String one : new String[] {"Bb", "B`"}) {
            String names = IntStream.range(0, NAMES)
                    .mapToObj(name -> '"' + name(name, one) + "\":0")
                    .collect(Collectors.joining(",", "{", "}"));

            assertThat(StrictJson.read(names))
                    .isInstanceOfSatisfying(
                            JsonObject.class, read -> assertThat(read.size()).isEqualTo(NAMES));
            assertThat(StrictJson.read("{\"other\":1}")).isEqualTo(new JsonObject().put("other", 1));
        }
    }

    private static String name(int number, String one) {
        return IntStream.range(0, PAIRS)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? one : "CA")
                .collect(Collectors.joining());
    }
}

package dev.greeter.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1e400", "[[1e309]]", "{\"a\":{\"b\":[1e309]}}"})
    void refusesANumberThatIsReadAsInfinity(String text) {
        assertThatThrownBy(() -> StrictJson.read(text)).isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":1}", "[{\"a\":{\"b\":1,\"c\":2,\"b\":3}}]", "{\"a\":1,\"\\u0061\":2}"})
    void refusesANameThatOccursTwice(String text) {
        assertThatThrownBy(() -> StrictJson.read(text)).isInstanceOf(DecodeException.class);
    }

    @Test
    void readsNumbersOfAnyKind() {
        assertThat(StrictJson.read("[0, -1, 9223372036854775808, 1.5, 1e308, 1e-400]"))
                .isEqualTo(new JsonArray()
                        .add(0)
                        .add(-1)
                        .add(new BigInteger("9223372036854775808"))
                        .add(1.5)
                        .add(1e308)
                        .add(0.0));
    }

    private static String name(int number, String one) {
        return IntStream.range(0, PAIRS)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? one : "CA")
                .collect(Collectors.joining());
    }
}

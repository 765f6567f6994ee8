package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldResponsesTest {
    /** More than one read can bring. */
    private static final int COUNT = 20_000;

    private final List<ResponseBatch> written = new ArrayList<>();
    private final HeldResponses held = new HeldResponses(written::add);
    private final Promise<Void> end = Promise.promise();

    @Test
    void writesInOrderWhenTheirTurnComes() {
        List<ResponseBatch> all = new ArrayList<>(List.of(batch(), batch(), batch()));
        Promise<Void> endOfThird = Promise.promise();
        held.add(all.get(0));
        held.until(end::future);
        held.add(all.get(1));
        held.until(endOfThird::future);
        held.add(all.get(2));
        assertThat(written).isEqualTo(all.subList(0, 1));
        endOfThird.complete();
        assertThat(written).hasSize(1);
        end.complete();
        assertThat(written).isEqualTo(all);
        assertThat(held.isEmpty()).isTrue();
    }

    @Test
    void writesAnyNumberWhenAllAreFreeAtOnce() {
        held.until(end::future);
        List<ResponseBatch> all = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            all.add(batch());
            held.add(all.get(i));
            held.until(Future::succeededFuture);
        }
        end.complete();
        assertThat(written).isEqualTo(all);
    }

    @Test
    void givesUpAllThatItHoldsWhenItIsClosed() {
        held.until(end::future);
        held.add(batch());
        held.add(batch());
        List<ResponseBatch> discarded = new ArrayList<>();
        held.close(discarded::add);
        assertThat(discarded).hasSize(2);
        end.complete();
        assertThat(written).isEmpty();
    }

    private static ResponseBatch batch() {
        return new ResponseBatch(Unpooled.EMPTY_BUFFER);
    }
}

package dev.greeter.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class LocalCodecTest {
    @Test
    void passesAValueAsItIs(Vertx vertx) {
        EventBus bus = vertx.eventBus();
        LocalCodec.register(bus);
        bus.localConsumer("echo", message -> message.reply(message.body()));
        RecentQuery query = new RecentQuery(7);

        assertThat(bus.request("echo", query).await().body()).isSameAs(query);
    }

    @Test
    void crossesNoWire() {
        LocalCodec<RecentQuery> codec = new LocalCodec<>(RecentQuery.class);

        assertThatThrownBy(() -> codec.encodeToWire(Buffer.buffer(), new RecentQuery(7)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("dev.greeter.bus.RecentQuery is sent within one JVM only");
        assertThatThrownBy(() -> codec.decodeFromWire(0, Buffer.buffer()))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}

package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.net.LoopClock;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import org.junit.jupiter.api.Test;

class WebSocketGuardTest {
    private static final int ADMITTED = 5;

    private final EmbeddedChannel channel = new EmbeddedChannel(new WebSocketGuard(ADMITTED, new LoopClock()));

    @Test
    void readsNoMoreOfAPeerThatFloodsAfterOurCloseFrame() {
        ping(ADMITTED + WebSocketGuard.MAX_LATE_MESSAGES);
        assertThat(channel.config().isAutoRead()).isTrue();
        ping(2);
        assertThat(channel.config().isAutoRead()).isFalse();
        CloseWebSocketFrame close = channel.readOutbound();
        assertThat(close.statusCode()).isEqualTo(1008);
        close.release();
        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void endsAtTheAnswerToOurCloseFrameBehindMessagesThatWereOnTheirWay() {
        ping(ADMITTED + 10);
        channel.writeInbound(new CloseWebSocketFrame());
        assertThat(channel.isOpen()).isFalse();
        channel.releaseOutbound();
    }

    private void ping(int times) {
        for (int i = 0; i < times; i++) {
            channel.writeInbound(new PingWebSocketFrame());
        }
        channel.releaseInbound();
    }
}

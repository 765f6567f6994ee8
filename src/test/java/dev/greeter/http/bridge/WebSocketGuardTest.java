package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.net.LoopClock;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WebSocketGuardTest {
    private static final int ADMITTED = 5;

    private long nanos;
    private final WebSocketGuard guard = new WebSocketGuard(ADMITTED, new LoopClock(), () -> nanos);
    private final EmbeddedChannel channel = new EmbeddedChannel(guard);

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

    @Test
    void acceptsAtOnceWhatAPeerMayHaveSentWhileItWasNotRead() {
        pass(1);
        guard.pause(true);
        pass(2);
        ping(ADMITTED);
        pass(2);
        guard.pause(false);
        ping(4 * ADMITTED);
        assertThat(channel.outboundMessages()).isEmpty();
        ping(1);
        CloseWebSocketFrame close = channel.readOutbound();
        assertThat(close.statusCode()).isEqualTo(1008);
        close.release();
    }

    @Test
    void acceptsNoMoreThanItsRateOnAverageOfAPeerThatWasNotRead() {
        for (int second = 0; second < 10; second++) {
            guard.pause(second % 2 == 0);
            pass(1);
            assertThat(guard.admits(ADMITTED)).isTrue();
        }
        assertThat(guard.admits(ADMITTED + 1)).isFalse();
    }

    @Test
    void acceptsNoMoreAtOnceThanTheKernelHolds() {
        guard.pause(true);
        pass(24 * 3_600);
        guard.pause(false);
        assertThat(guard.admits(32 * 1_024)).isFalse();
    }

    @Test
    void readsUpToTheAnswerToOurCloseFrameWhatItsPauseHasHeldUp() {
        guard.pause(true);
        pass(100);
        guard.drain();
        guard.pause(false);
        ping(100 * ADMITTED);
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.writeInbound(new CloseWebSocketFrame());
        assertThat(channel.isOpen()).isFalse();
        channel.releaseOutbound();
    }

    private void pass(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    private void ping(int times) {
        for (int i = 0; i < times; i++) {
            channel.writeInbound(new PingWebSocketFrame());
        }
        channel.releaseInbound();
    }
}

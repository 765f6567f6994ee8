package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentLimitTest {
    private final List<Throwable> refusals = new ArrayList<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new FragmentLimit(), new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    refusals.add(cause);
                }
            });

    @Test
    void refusesAMessageWithoutEndOnceAndReadsNoMoreOfIt() {
        channel.writeInbound(new TextWebSocketFrame(false, 0, ""));
        for (int i = 1; i < FragmentLimit.MAX_FRAGMENTS; i++) {
            channel.writeInbound(new ContinuationWebSocketFrame(false, 0, ""));
        }
        assertThat(channel.inboundMessages()).hasSize(FragmentLimit.MAX_FRAGMENTS);
        assertThat(channel.config().isAutoRead()).isTrue();

        for (int i = 0; i < 1_000; i++) {
            channel.writeInbound(new ContinuationWebSocketFrame(false, 0, ""));
        }
        assertThat(channel.inboundMessages()).hasSize(FragmentLimit.MAX_FRAGMENTS);
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(refusals).singleElement().isInstanceOf(TooLongFrameException.class);
        channel.releaseInbound();
    }
}

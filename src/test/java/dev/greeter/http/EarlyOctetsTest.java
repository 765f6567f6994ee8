package dev.greeter.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.junit.jupiter.api.Test;

class EarlyOctetsTest {
    private boolean needed = true;
    private int most = Integer.MAX_VALUE;
    private final StringBuilder passed = new StringBuilder();
    private final EarlyOctets early = new EarlyOctets(() -> needed && passed.length() < most);
    private final EmbeddedChannel channel = new EmbeddedChannel(early, new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf octets = (ByteBuf) message;
            passed.append(octets.toString(US_ASCII));
            octets.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            passed.append("END");
        }
    });

    private ByteBuf read(String text) {
        ByteBuf octets = Unpooled.copiedBuffer(text, US_ASCII);
        channel.writeInbound(octets);
        return octets;
    }

    private void passOn() {
        early.passOn();
        channel.runPendingTasks();
    }

    @Test
    void passesOnWhatIsNeeded() {
        read("a");
        read("b".repeat(10_000));
        assertThat(passed).hasSize(10_001);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void holdsWhatIsNotAndReadsNoMore() {
        needed = false;
        read("a");
        assertThat(passed).isEmpty();
        assertThat(channel.config().isAutoRead()).isFalse();
        needed = true;
        passOn();
        assertThat(passed).hasToString("a");
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void passesOnOnePartAtATime() {
        most = 1;
        read("x".repeat(2_000));
        assertThat(passed).hasSize(512);
        most = 513;
        passOn();
        assertThat(passed).hasSize(1_024);
        most = Integer.MAX_VALUE;
        passOn();
        assertThat(passed).hasSize(2_000);
    }

    /** As Vert.x does when its own queue is empty. */
    @Test
    void readsOnAgainAlthoughOthersTurnedItOnMeanwhile() {
        needed = false;
        read("a");
        channel.config().setAutoRead(true);
        read("b");
        assertThat(channel.config().isAutoRead()).isFalse();
        needed = true;
        passOn();
        assertThat(passed).hasToString("ab");
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void passesOnTheEndAfterWhatCameBefore() {
        needed = false;
        read("a");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(passed).isEmpty();
        needed = true;
        passOn();
        assertThat(passed).hasToString("aEND");
    }

    @Test
    void dropsWhatIsHeld() {
        needed = false;
        ByteBuf octets = read("a");
        early.drop();
        assertThat(octets.refCnt()).isZero();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void releasesWhatIsHeldAtTheEnd() {
        needed = false;
        ByteBuf octets = read("a");
        channel.close().syncUninterruptibly();
        assertThat(octets.refCnt()).isZero();
        assertThat(passed).isEmpty();
    }
}

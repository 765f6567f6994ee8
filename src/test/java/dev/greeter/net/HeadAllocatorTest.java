package dev.greeter.net;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty's own encoder decides whether a body is copied behind its head. */
class HeadAllocatorTest {
    @ParameterizedTest
    @CsvSource({"400, 0, 1", "300, 600, 1", "400, 500, 1", "700, 500, 2", "400, 2000, 2"})
    void aShortBodyIsWrittenWithItsHead(int header, int body, int buffers) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseEncoder());
        channel.config().setAllocator(new HeadAllocator(ByteBufAllocator.DEFAULT));
        // the encoder learns how long heads are
        for (int i = 0; i < 50; i++) {
            channel.writeOutbound(response(header, body));
            int count = channel.outboundMessages().size();
            StringBuilder octets = new StringBuilder();
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                octets.append(part.toString(US_ASCII));
                part.release();
            }
            assertThat(octets).hasToString(text(header, body));
            if (i > 40) {
                assertThat(count).isEqualTo(buffers);
            }
        }
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 500, 1_023, 1_024, 1_025, 5_000})
    void aBufferHasTheCapacityThatIsAskedFor(int capacity) {
        ByteBuf buffer = new HeadAllocator(ByteBufAllocator.DEFAULT).buffer(capacity);
        assertThat(buffer.capacity()).isEqualTo(capacity);
        assertThat(buffer.writableBytes()).isEqualTo(capacity);
        buffer.release();
    }

    private static FullHttpResponse response(int header, int body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HTTP_1_1, OK, Unpooled.copiedBuffer("b".repeat(body), US_ASCII));
        response.headers().set("x", "h".repeat(header)).set("content-length", body);
        return response;
    }

    private static String text(int header, int body) {
        return "HTTP/1.1 200 OK\r\nx: " + "h".repeat(header) + "\r\ncontent-length: " + body + "\r\n\r\n"
                + "b".repeat(body);
    }
}

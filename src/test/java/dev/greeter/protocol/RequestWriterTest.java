package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class RequestWriterTest {
    private final ByteBuf out = Unpooled.buffer();
    private final RequestDecoder decoder = new RequestDecoder();

    @Test
    void writesTheOneShotForm() {
        RequestWriter.oneShot(out);
        assertThat(out.toString(US_ASCII)).isEqualTo("Hello");
        assertThat(decoder.next(out)).isEqualTo(new Request.OneShot());
    }

    @Test
    void writesASessionThatIsReadAsItWasMeant() {
        RequestWriter.preface(out);
        RequestWriter.who(out);
        RequestWriter.hello(out, "7f3a");
        assertThat(out.toString(US_ASCII)).isEqualTo("GREETING/2\nWho\nHello 7f3a\n");
        assertThat(decoder.next(out)).isEqualTo(new Request.Preface());
        assertThat(decoder.next(out)).isEqualTo(new Request.Who());
        assertThat(decoder.next(out)).isEqualTo(new Request.Hello("7f3a", 11));
        assertThat(decoder.next(out)).isNull();
    }
}

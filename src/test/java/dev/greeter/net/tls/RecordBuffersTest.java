package dev.greeter.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordBuffersTest {
    private static final int LONGEST = (1 << 14) + 256;

    private final EmbeddedChannel channel = new EmbeddedChannel(new RecordBuffers(() -> "client"));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf record(int length) {
        ByteBuf record = Unpooled.buffer().writeByte(23).writeShort(0x303).writeShort(length);
        for (int i = 0; i < length; i++) {
            record.writeByte(i);
        }
        return record;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 64, 5_000, 16_645, 40_000})
    void passesOnWholeRecordsHoweverTheyAreSplit(int step) {
        ByteBuf said = Unpooled.wrappedBuffer(record(3), record(0), record(LONGEST), record(1), record(300));
        String all = ByteBufUtil.hexDump(said);
        while (said.isReadable()) {
            channel.writeInbound(said.readRetainedSlice(Math.min(step, said.readableBytes())));
        }
        said.release();
        List<ByteBuf> passed = new ArrayList<>();
        for (ByteBuf octets = channel.readInbound(); octets != null; octets = channel.readInbound()) {
            passed.add(octets);
        }
        assertThat(passed).allSatisfy(RecordBuffersTest::assertWhole);
        ByteBuf joined = Unpooled.wrappedBuffer(passed.toArray(ByteBuf[]::new));
        assertThat(ByteBufUtil.hexDump(joined)).isEqualTo(all);
        joined.release();
    }

    private static void assertWhole(ByteBuf octets) {
        int end = octets.readerIndex();
        while (end < octets.writerIndex()) {
            end += 5 + octets.getUnsignedShort(end + 3);
        }
        assertThat(end).isEqualTo(octets.writerIndex());
    }

    @Test
    void keepsAnUnfinishedRecordInABufferOfItsSize() {
        ByteBuf record = record(LONGEST);
        channel.writeInbound(Unpooled.buffer(1 << 16).writeBytes(record, 100));
        channel.writeInbound(Unpooled.buffer(1 << 16).writeBytes(record, record.readableBytes()));
        record.release();
        ByteBuf passed = channel.readInbound();
        assertThat(passed.capacity()).isEqualTo(5 + LONGEST);
        passed.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {LONGEST + 1, 65_535})
    void endsTheConnectionAtALongerRecord(int length) {
        channel.writeInbound(record(7));
        channel.writeInbound(Unpooled.buffer().writeByte(23).writeShort(0x303).writeShort(length));
        assertThat(channel.isOpen()).isFalse();
        ByteBuf passed = channel.readInbound();
        assertThat(passed.readableBytes()).isEqualTo(5 + 7);
        passed.release();
        assertThat(channel.<ByteBuf>readInbound()).isNull();
    }
}

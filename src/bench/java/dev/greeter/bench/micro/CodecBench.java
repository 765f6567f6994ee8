package dev.greeter.bench.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.greeter.protocol.Request;
import dev.greeter.protocol.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The requests of one read, each an operation. */
@State(Scope.Thread)
public class CodecBench {
    private static final int REQUESTS = 32;

    private final RequestDecoder session = new RequestDecoder();
    private final ByteBuf plain = requests("Hello\n");
    private final ByteBuf withToken = requests("Hello 7f3a\n");

    public CodecBench() {
        session.next(Unpooled.copiedBuffer("GREETING/2\n", US_ASCII));
    }

    private static ByteBuf requests(String line) {
        byte[] octets = line.repeat(REQUESTS).getBytes(US_ASCII);
        return Unpooled.directBuffer(octets.length).writeBytes(octets);
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void hello(Blackhole hole) {
        decode(plain, hole);
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void helloWithToken(Blackhole hole) {
        decode(withToken, hole);
    }

    private void decode(ByteBuf octets, Blackhole hole) {
        octets.readerIndex(0);
        for (Request request = session.next(octets); request != null; request = session.next(octets)) {
            hole.consume(request);
        }
    }

    @Benchmark
    public @Nullable Request oneShot() {
        return new RequestDecoder().next(plain.readerIndex(0));
    }
}

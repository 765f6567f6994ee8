package dev.greeter.net;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpObjectEncoder;

/**
 * Gives the head of a response a buffer that has room for a short body. {@link HttpObjectEncoder} asks for a head's usual length, and copies
 * a body that fits behind it. So the page is one buffer and one {@code write}, where two took a {@code writev}. Thread-safe.
 */
public final class HeadAllocator extends AbstractByteBufAllocator {
    /** A head with the headers of each response is longer; those of WebSocket frames, which have a few octets, are not. */
    private static final int SHORTEST_HEAD = 256;

    /** Of a head and a short body. */
    private static final int OCTETS = 1_024;

    private final ByteBufAllocator allocator;

    /** @param allocator has all buffers */
    public HeadAllocator(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Of this capacity, as callers rely on; only its memory has room for more. */
    @Override
    public ByteBuf buffer(int initialCapacity) {
        return initialCapacity >= SHORTEST_HEAD && initialCapacity < OCTETS
                ? allocator.buffer(OCTETS).capacity(initialCapacity)
                : allocator.buffer(initialCapacity);
    }

    @Override
    public ByteBuf buffer() {
        return allocator.buffer();
    }

    @Override
    public ByteBuf buffer(int initialCapacity, int maxCapacity) {
        return allocator.buffer(initialCapacity, maxCapacity);
    }

    @Override
    public ByteBuf ioBuffer() {
        return allocator.ioBuffer();
    }

    @Override
    public ByteBuf ioBuffer(int initialCapacity) {
        return allocator.ioBuffer(initialCapacity);
    }

    @Override
    public ByteBuf ioBuffer(int initialCapacity, int maxCapacity) {
        return allocator.ioBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return allocator.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return allocator.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return allocator.isDirectBufferPooled();
    }
}

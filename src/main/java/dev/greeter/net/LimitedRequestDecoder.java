package dev.greeter.net;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;

/**
 * Vert.x's decoder with a limit for the number of a request's header fields and trailers. A field of four octets takes a hundred
 * on the heap, so the limit of their octets alone does not bound the memory of a head.
 */
public final class LimitedRequestDecoder extends VertxHttpRequestDecoder {
    private final int maxFields;
    private int fields;
    private int heads;

    private LimitedRequestDecoder(Http1ServerConfig config, int maxFields) {
        super(config);
        this.maxFields = maxFields;
    }

    /** Replaces the decoder of a connection that has read nothing yet, and returns the new one. */
    public static LimitedRequestDecoder replace(ChannelPipeline pipeline, Http1ServerConfig config, int maxFields) {
        String name = pipeline.context(HttpRequestDecoder.class).name();
        LimitedRequestDecoder limited = new LimitedRequestDecoder(config, maxFields);
        pipeline.replace(name, name, limited);
        return limited;
    }

    /**
     * Returns whether it has the beginning of a head, and waits for the rest.
     *
     * @param passedOn how many heads it has passed on
     */
    public boolean hasPartOfHead(int passedOn) {
        return heads > passedOn || actualReadableBytes() > 0;
    }

    @Override
    protected HttpMessage createMessage(String[] line) {
        fields = 0;
        heads++;
        return super.createMessage(line);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] head, int start, int length) {
        fields++;
        if (fields > maxFields) {
            throw new TooLongHttpHeaderException("over " + maxFields + " fields");
        }
        return super.splitHeaderName(head, start, length);
    }
}

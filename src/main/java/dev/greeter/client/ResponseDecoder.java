package dev.greeter.client;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Netty's decoder of responses, as lenient as RFC 9112 lets a client be, and with room for long heads. */
public final class ResponseDecoder extends HttpResponseDecoder {
    /** Of the status line, and of all fields together. */
    public static final int MAX_HEAD_OCTETS = 65_536;

    public ResponseDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_HEAD_OCTETS)
                .setMaxHeaderSize(MAX_HEAD_OCTETS)
                // a line may end without a CR (section 2.2)
                .setStrictLineParsing(false)
                // one length said twice is that length (section 6.3)
                .setAllowDuplicateContentLengths(true));
    }

    /** Whether octets came behind what was decoded. */
    public boolean holdsMore() {
        return actualReadableBytes() > 0;
    }
}

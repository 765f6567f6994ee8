package dev.greeter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Octets of TLS for clients that begin what they do not finish. */
public final class TlsOctets {
    /** As much as a record may hold (RFC 8446, section 5.2). */
    private static final int MAX_RECORD_OCTETS = (1 << 14) + 256;

    private TlsOctets() {}

    /** A first flight, to which a server answers with its certificate and a signature. */
    public static byte[] clientHello(SSLContext context) {
        SSLEngine engine = context.createSSLEngine("localhost", 0);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        try {
            engine.wrap(ByteBuffer.allocate(0), hello);
        } catch (SSLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
        return Arrays.copyOf(hello.array(), hello.position());
    }

    /** The longest record, but for its last octet. */
    public static byte[] unfinishedRecord() {
        byte[] record = new byte[5 + MAX_RECORD_OCTETS - 1];
        record[0] = 23;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (MAX_RECORD_OCTETS >> 8);
        record[4] = (byte) MAX_RECORD_OCTETS;
        return record;
    }
}

package dev.greeter.ledger;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Whole numbers in as few octets as they need: seven bits in each, the lowest first. */
final class Varints {
    private static final int BITS = 7;
    private static final int MASK = 0x7F;
    private static final int MORE = 0x80;

    private Varints() {}

    /** @param value a negative one takes ten octets */
    static void write(DataOutputStream out, long value) throws IOException {
        long rest = value;
        while ((rest & ~MASK) != 0) {
            out.writeByte((int) (rest & MASK) | MORE);
            rest >>>= BITS;
        }
        out.writeByte((int) rest);
    }

    static long read(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += BITS) {
            int octet = in.readUnsignedByte();
            value |= (long) (octet & MASK) << shift;
            if (octet < MORE) {
                return value;
            }
        }
        throw new IOException("a number has more than " + Long.SIZE + " bits");
    }
}

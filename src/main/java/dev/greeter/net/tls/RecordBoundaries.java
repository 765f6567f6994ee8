package dev.greeter.net.tls;

import io.netty.buffer.ByteBuf;

/** Where TLS records begin in a client's octets (RFC 8446, section 5.1). */
final class RecordBoundaries {
    private static final int ALERT = 21;
    private static final int HEADER_OCTETS = 5;
    private static final int LENGTH_AT = 3;

    private int headerOctets;
    private int length;
    private boolean passing;
    private long records;

    /**
     * Passes over the octets up to the first record that is visibly an alert, which in TLS 1.3 is one of the handshake only.
     *
     * @return the index of its first octet; the end of the octets if there is none
     */
    int firstAlert(ByteBuf octets) {
        int index = octets.readerIndex();
        while (index < octets.writerIndex()) {
            if (headerOctets == 0 && !passing && octets.getUnsignedByte(index) == ALERT) {
                return index;
            }
            index = pass(octets, index);
        }
        return index;
    }

    /**
     * Passes over the record that has begun or begins here, or as much of it as the octets have.
     *
     * @return whether that is its end
     */
    boolean passRecord(ByteBuf octets) {
        int index = octets.readerIndex();
        while (index < octets.writerIndex()) {
            index = pass(octets, index);
            if (headerOctets == 0) {
                return true;
            }
        }
        return false;
    }

    /** Passes over an octet of a header, or over what there is of its record; returns the index behind. */
    private int pass(ByteBuf octets, int index) {
        passing = false;
        int end = index + 1;
        if (headerOctets < HEADER_OCTETS) {
            records += headerOctets == 0 ? 1 : 0;
            length = headerOctets < LENGTH_AT ? 0 : (length << Byte.SIZE) | octets.getUnsignedByte(index);
            headerOctets++;
        } else {
            int part = Math.min(length, octets.writerIndex() - index);
            length -= part;
            end = index + part;
        }
        if (headerOctets == HEADER_OCTETS && length == 0) {
            headerOctets = 0;
        }
        return end;
    }

    /** Takes the alert that comes next for a record like any other. */
    void passAlert() {
        passing = true;
    }

    /** The number of records that have begun. */
    long records() {
        return records;
    }
}

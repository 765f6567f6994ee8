package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The words and limits of the greeting protocol, each with the section of {@code src/docs/protocol.md} that sets it. */
public final class Wire {
    /** A line's longest length in octets, its terminator not counted (section 2). */
    public static final int MAX_LINE_OCTETS = 256;

    /** A token's longest length in octets (section 4). */
    public static final int MAX_TOKEN_OCTETS = 64;

    static final byte LF = '\n';
    static final byte CR = '\r';

    static final byte[] HELLO = "Hello".getBytes(US_ASCII);
    static final byte[] WORLD = "World".getBytes(US_ASCII);
    static final byte[] WHO = "Who".getBytes(US_ASCII);
    static final byte[] NODE = "Node ".getBytes(US_ASCII);
    static final byte[] BYE = "Bye".getBytes(US_ASCII);
    static final byte[] ERROR = "Error ".getBytes(US_ASCII);

    /** The start of a preface of any version (section 3). */
    static final byte[] ANY_PREFACE = "GREETING/".getBytes(US_ASCII);

    static final byte[] PREFACE = "GREETING/2".getBytes(US_ASCII);

    private Wire() {}

    /** Whether an octet may stand in a token: visible ASCII, no blank (section 4). */
    static boolean isTokenOctet(int octet) {
        return octet >= 0x21 && octet <= 0x7E;
    }
}

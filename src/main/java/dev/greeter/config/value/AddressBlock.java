package dev.greeter.config.value;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of addresses, written {@code 10.0.0.0/8} or {@code fd00::/8} (RFC 4632, section 3.1; RFC 4291, section 2.3), or one
 * address alone. It never asks a name server. An IPv4 address that is mapped into IPv6 counts as the IPv4 address.
 */
public final class AddressBlock {
    private static final Pattern SYNTAX = Pattern.compile("([0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/(\\d{1,3}))?");

    private final byte[] first;
    private final int bits;

    private AddressBlock(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /** Reads the text. Bits behind the prefix are dropped. Empty for any other text. */
    public static Optional<AddressBlock> of(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String address = matcher.group(1);
        String prefix = matcher.group(2);
        try {
            byte[] octets = InetAddress.getByName(HostPort.host(address.contains(":") ? "[" + address + "]" : address))
                    .getAddress();
            int most = octets.length * Byte.SIZE;
            int bits = prefix == null ? most : Integer.parseInt(prefix);
            return bits > most ? Optional.empty() : Optional.of(new AddressBlock(masked(octets, bits), bits));
        } catch (IllegalArgumentException | UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == first.length && Arrays.equals(masked(octets, bits), first);
    }

    /** In its canonical form, which an IPv6 address has from RFC 5952. */
    @Override
    public String toString() {
        try {
            return HostPort.text(InetAddress.getByAddress(first)) + "/" + bits;
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    private static byte[] masked(byte[] octets, int bits) {
        byte[] masked = octets.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
            masked[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return masked;
    }
}

package dev.greeter.process.hostile;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts that are JSON, or nearly, and cost a careless reader much: depth, length, numbers, and names with the same hash. */
final class JsonBombs {
    private JsonBombs() {}

    /** @param octets the length that none exceeds */
    static List<String> upTo(int octets) {
        String member = "{\"type\":\"ping\",\"kind\":";
        int room = octets - member.length() - 8;
        return List.of(
                "[".repeat(octets),
                "{\"a\":".repeat(octets / 5),
                "[".repeat(octets / 2) + "]".repeat(octets / 2),
                "{\"a\":".repeat(octets / 6) + "0" + "}".repeat(octets / 6),
                member + "9".repeat(room) + "}",
                member + "0." + "9".repeat(room - 2) + "}",
                member + "1e" + "9".repeat(room - 2) + "}",
                member + "-1e-" + "9".repeat(room - 4) + "}",
                member + "\"" + "x".repeat(room - 2) + "\"}",
                member + "\"" + "\\u0000".repeat(room / 6 - 1) + "\"}",
                member + "[" + "0,".repeat(room / 2 - 2) + "0]}",
                member + "[" + "{},".repeat(room / 3 - 2) + "{}]}",
                "{" + "\"a\":0,".repeat(octets / 6 - 1) + "\"a\":0}",
                "{" + different(octets / 13) + "}",
                "{" + sameHash(octets, 33) + "}",
                "{" + sameHash(octets, 31) + "}",
                "\"" + "\\ud83d".repeat(octets / 6 - 1) + "\"",
                " ".repeat(octets));
    }

    private static String different(int names) {
        return IntStream.range(0, names)
                .mapToObj(i -> "\"%08x\":0".formatted(i))
                .collect(Collectors.joining(","));
    }

    /**
     * Names of equal length and equal hash, where a hash is multiplied by this number for each character.
     *
     * @param factor 31 as in {@link String#hashCode}, or 33 as in Jackson's table of names
     */
    private static String sameHash(int octets, int factor) {
        String one = "B" + (char) ('A' + factor);
        String other = "CA";
        int bits = 1;
        while ((2 * (bits + 1) + 5) << (bits + 1) <= octets - 2) {
            bits++;
        }
        int pairs = bits;
        return IntStream.range(0, 1 << bits)
                .mapToObj(name -> "\""
                        + IntStream.range(0, pairs)
                                .mapToObj(bit -> (name >> bit & 1) == 0 ? one : other)
                                .collect(Collectors.joining())
                        + "\":0")
                .collect(Collectors.joining(","));
    }
}

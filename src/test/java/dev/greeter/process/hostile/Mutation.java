package dev.greeter.process.hostile;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Octets made of valid examples by chance: garbage, and examples with parts flipped, left out, repeated, or of another one. */
final class Mutation {
    private static final int MAX_GARBAGE_OCTETS = 600;
    private static final int MAX_CHANGES = 4;

    private final Random random;
    private final List<byte[]> examples;

    /** @param seed gives the same octets again */
    Mutation(long seed, List<byte[]> examples) {
        this.random = new Random(seed);
        this.examples = examples;
    }

    byte[] next() {
        if (random.nextInt(8) == 0) {
            byte[] garbage = new byte[random.nextInt(MAX_GARBAGE_OCTETS)];
            random.nextBytes(garbage);
            return garbage;
        }
        byte[] octets = example();
        for (int changes = random.nextInt(MAX_CHANGES); changes >= 0; changes--) {
            octets = change(octets);
        }
        return octets;
    }

    private byte[] example() {
        return examples.get(random.nextInt(examples.size())).clone();
    }

    private byte[] change(byte[] octets) {
        if (octets.length == 0) {
            return example();
        }
        int from = random.nextInt(octets.length);
        int to = from + random.nextInt(octets.length - from + 1);
        return switch (random.nextInt(6)) {
            case 0 -> {
                octets[from] ^= (byte) (1 << random.nextInt(8));
                yield octets;
            }
            case 1 -> {
                octets[from] = (byte) random.nextInt(256);
                yield octets;
            }
            case 2 -> Arrays.copyOf(octets, from);
            case 3 -> join(Arrays.copyOf(octets, from), Arrays.copyOfRange(octets, to, octets.length));
            case 4 -> join(Arrays.copyOf(octets, to), Arrays.copyOfRange(octets, from, octets.length));
            default -> join(Arrays.copyOf(octets, from), example());
        };
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}

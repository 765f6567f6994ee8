package dev.greeter.ledger;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.UUID;

/**
 * The sign of life of the node that merges: the only entry that other nodes read each second. It says whether the others
 * have changed.
 *
 * @param merger the key of the run that merges
 * @param number counts the beats of this run
 * @param content the {@linkplain #id id} of the merged tallies
 * @param copies the number of equal entries that have them, so that no one member of the cluster serves all readers
 * @param retired the id of the retired tallies, 0 if there are none
 */
record Beat(String merger, long number, long content, int copies, long retired) {
    byte[] encode() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeUTF(merger);
            Varints.write(out, number);
            out.writeLong(content);
            Varints.write(out, copies);
            out.writeLong(retired);
        } catch (IOException e) {
            throw new IllegalStateException("an array takes all octets", e);
        }
        return octets.toByteArray();
    }

    /** @throws IOException if the octets are no beat */
    static Beat decode(byte[] octets) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            String merger = in.readUTF();
            long number = Varints.read(in);
            long content = in.readLong();
            int copies = (int) Varints.read(in);
            if (copies < 1) {
                throw new IOException("no copies");
            }
            return new Beat(merger, number, content, copies, in.readLong());
        }
    }

    /** The number of the copy that a run reads, of the merged tallies and of their roster. */
    int copyOf(String key) {
        return Math.floorMod(key.hashCode(), copies);
    }

    /** A number that octets have in common with no others. */
    static long id(byte[] octets) {
        return UUID.nameUUIDFromBytes(octets).getMostSignificantBits();
    }
}

package dev.greeter.ledger;

import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * What does not change in the rows of {@link MergedTallies}, in their order. Kept apart, because it is larger than what
 * changes, and is read again only when a run comes or goes.
 */
record Roster(List<Member> members) {
    static final Roster EMPTY = new Roster(List.of());

    private static final int MOST = 1_000_000;

    record Member(String run, Node node) {
        static Member of(NodeTally tally) {
            return new Member(tally.run(), tally.share().node());
        }
    }

    byte[] encode() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(octets))) {
            Varints.write(out, members.size());
            for (Member member : members) {
                Node node = member.node();
                out.writeUTF(node.name());
                out.writeUTF(node.host());
                out.writeUTF(node.version());
                out.writeLong(node.startedAt().toEpochMilli());
                out.writeUTF(member.run());
            }
        } catch (IOException e) {
            throw new IllegalStateException("an array takes all octets", e);
        }
        return octets.toByteArray();
    }

    /** @throws IOException if the octets are no roster */
    static Roster decode(byte[] octets) throws IOException {
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(octets)))) {
            long size = Varints.read(in);
            if (size < 0 || size > MOST) {
                throw new IOException("a roster of " + size);
            }
            List<Member> members = new ArrayList<>();
            for (long i = 0; i < size; i++) {
                Node node = new Node(in.readUTF(), in.readUTF(), in.readUTF(), Instant.ofEpochMilli(in.readLong()));
                members.add(new Member(in.readUTF(), node));
            }
            return new Roster(List.copyOf(members));
        }
    }
}

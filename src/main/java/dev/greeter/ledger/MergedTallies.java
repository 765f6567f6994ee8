package dev.greeter.ledger;

import dev.greeter.bus.NodeTally;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the node that merges knows of all runs, for the other nodes: about 30 octets for each run, beside the {@link Roster}.
 *
 * @param rows in the order of their keys
 * @param latency of all nodes together
 */
record MergedTallies(List<Row> rows, PerProtocol<Stats.Latency> latency) {
    private static final int LIVE = 1;
    private static final int DRAINING = 2;
    private static final int GONE = 4;
    private static final int LACKS_LATENCY = 8;

    private static final double SECONDS_PER_MINUTE = 60;

    /**
     * One run.
     *
     * @param live whether it lives, as the node that merges has seen
     * @param lacksLatency whether the node that merges has not found its histograms
     */
    record Row(NodeTally tally, boolean live, boolean lacksLatency) {
        private int flags() {
            int state = switch (tally.share().state()) {
                case LIVE -> 0;
                case DRAINING -> DRAINING;
                case GONE -> GONE;
            };
            return state | (live ? LIVE : 0) | (lacksLatency ? LACKS_LATENCY : 0);
        }
    }

    Roster roster() {
        return new Roster(rows.stream().map(Row::tally).map(Roster.Member::of).toList());
    }

    /** @param roster the id of the roster of these rows */
    byte[] encode(long roster) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeLong(roster);
            for (Protocol protocol : Protocol.values()) {
                Stats.Latency micros = latency.get(protocol);
                Varints.write(out, micros.p50());
                Varints.write(out, micros.p90());
                Varints.write(out, micros.p99());
                Varints.write(out, micros.max());
            }
            for (Row row : rows) {
                write(out, row);
            }
        } catch (IOException e) {
            throw new IllegalStateException("an array takes all octets", e);
        }
        return octets.toByteArray();
    }

    private static void write(DataOutputStream out, Row row) throws IOException {
        NodeTally tally = row.tally();
        out.writeByte(row.flags());
        Varints.write(out, tally.version());
        Varints.write(
                out,
                tally.at().toEpochMilli() - tally.share().node().startedAt().toEpochMilli());
        Varints.write(out, tally.share().connections());
        for (Protocol protocol : Protocol.values()) {
            Stats.Tally counts = tally.share().totals().get(protocol);
            Varints.write(out, counts.answered());
            Varints.write(out, counts.refused());
            Varints.write(out, counts.failed());
            // both come from whole numbers
            Stats.Rate rate = tally.rates().get(protocol);
            Varints.write(out, Math.round(rate.lastSecond()));
            Varints.write(out, Math.round(rate.lastMinute() * SECONDS_PER_MINUTE));
        }
    }

    /** The id of the roster that is needed to {@link #decode} these octets. */
    static long rosterOf(byte[] octets) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            return in.readLong();
        }
    }

    /** @throws IOException if the octets are no merged tallies with this roster */
    static MergedTallies decode(byte[] octets, Roster roster) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            in.readLong();
            Stats.Latency greeting = latency(in);
            Stats.Latency http = latency(in);
            List<Row> rows = new ArrayList<>(roster.members().size());
            for (Roster.Member member : roster.members()) {
                rows.add(row(in, member));
            }
            return new MergedTallies(List.copyOf(rows), new PerProtocol<>(greeting, http));
        }
    }

    private static Stats.Latency latency(DataInputStream in) throws IOException {
        return new Stats.Latency(Varints.read(in), Varints.read(in), Varints.read(in), Varints.read(in));
    }

    private static Row row(DataInputStream in, Roster.Member member) throws IOException {
        int flags = in.readUnsignedByte();
        long version = Varints.read(in);
        Instant at = member.node().startedAt().plusMillis(Varints.read(in));
        long connections = Varints.read(in);
        List<Stats.Tally> counts = new ArrayList<>();
        List<Stats.Rate> rates = new ArrayList<>();
        for (int protocol = 0; protocol < Protocol.values().length; protocol++) {
            counts.add(new Stats.Tally(Varints.read(in), Varints.read(in), Varints.read(in)));
            rates.add(new Stats.Rate(Varints.read(in), Varints.read(in) / SECONDS_PER_MINUTE));
        }
        Stats.NodeShare share = new Stats.NodeShare(
                member.node(), state(flags), connections, new PerProtocol<>(counts.get(0), counts.get(1)));
        NodeTally tally =
                new NodeTally(member.run(), version, at, share, new PerProtocol<>(rates.get(0), rates.get(1)), 0);
        return new Row(tally, (flags & LIVE) != 0, (flags & LACKS_LATENCY) != 0);
    }

    private static Stats.State state(int flags) {
        if ((flags & GONE) != 0) {
            return Stats.State.GONE;
        }
        return (flags & DRAINING) != 0 ? Stats.State.DRAINING : Stats.State.LIVE;
    }
}

package dev.greeter.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Stats;
import dev.greeter.bus.Stats.Rate;
import dev.greeter.bus.Stats.State;
import dev.greeter.bus.Stats.Tally;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MergedTalliesTest {
    private static final Instant START = Instant.parse("2026-11-23T06:00:00.123Z");
    private static final PerProtocol<Stats.Latency> LATENCY =
            new PerProtocol<>(new Stats.Latency(1, 2, 3, 3_600_000_000L), new Stats.Latency(0, 0, 0, 0));

    private static NodeTally tally(String name, State state, long counted) {
        return new NodeTally(
                UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .toString(),
                counted + 1,
                START.plusMillis(counted),
                new Stats.NodeShare(
                        new Node(name, name + "-host", "1.0.0", START),
                        state,
                        counted,
                        new PerProtocol<>(new Tally(counted, 1, 2), new Tally(0, counted, Long.MAX_VALUE))),
                new PerProtocol<>(new Rate(counted % 1_000, 61 / 60.0), new Rate(0, 0)),
                0);
    }

    private static final MergedTallies ALL = new MergedTallies(
            List.of(
                    new MergedTallies.Row(tally("a", State.LIVE, 0), true, false),
                    new MergedTallies.Row(tally("b", State.DRAINING, 127), true, true),
                    new MergedTallies.Row(tally("c", State.LIVE, 128), false, true),
                    new MergedTallies.Row(tally("d", State.GONE, 1L << 40), false, false)),
            LATENCY);

    @Test
    void readsWhatItWrote() throws IOException {
        byte[] roster = ALL.roster().encode();
        byte[] content = ALL.encode(Beat.id(roster));
        assertThat(MergedTallies.rosterOf(content)).isEqualTo(Beat.id(roster));
        assertThat(Roster.decode(roster)).isEqualTo(ALL.roster());
        assertThat(MergedTallies.decode(content, Roster.decode(roster))).isEqualTo(ALL);
        Beat beat = new Beat("a/1", 300, Beat.id(content), 7, -1);
        assertThat(Beat.decode(beat.encode())).isEqualTo(beat);
    }

    /** What a program of another kind left in the map, or half of an entry. */
    @Test
    void refusesWhatIsCutOff() {
        byte[] roster = ALL.roster().encode();
        byte[] content = ALL.encode(1);
        byte[] beat = new Beat("a/1", 300, 1, 7, -1).encode();
        for (int length = 0; length < content.length; length++) {
            byte[] part = Arrays.copyOf(content, length);
            assertThatThrownBy(() -> MergedTallies.decode(part, ALL.roster())).isInstanceOf(IOException.class);
        }
        // the last octets are a checksum
        for (int length = 0; length < roster.length - 8; length++) {
            byte[] part = Arrays.copyOf(roster, length);
            assertThatThrownBy(() -> Roster.decode(part)).isInstanceOf(IOException.class);
        }
        for (int length = 0; length < beat.length; length++) {
            byte[] part = Arrays.copyOf(beat, length);
            assertThatThrownBy(() -> Beat.decode(part)).isInstanceOf(IOException.class);
        }
    }

    /** What each node reads each second in a cluster where every node counts. */
    @Test
    void takesAboutThirtyOctetsARow() {
        List<MergedTallies.Row> rows = IntStream.range(0, 1_000)
                .mapToObj(i -> tally("greeter-7d9f8c6b5-" + i, State.LIVE, 1_000_000 + i))
                .map(each -> new NodeTally(
                        each.run(),
                        each.version(),
                        START.plusSeconds(7 * 86_400),
                        new Stats.NodeShare(
                                each.share().node(),
                                State.LIVE,
                                100,
                                PerProtocol.of(protocol -> new Tally(50_000_000, 100, 100))),
                        PerProtocol.of(protocol -> new Rate(5_000, 5_000)),
                        0))
                .map(each -> new MergedTallies.Row(each, true, false))
                .toList();
        MergedTallies all = new MergedTallies(rows, LATENCY);
        assertThat(all.encode(1).length / rows.size()).isBetween(20, 35);
        assertThat(all.roster().encode().length / rows.size()).isLessThan(60);
    }
}

package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.protocol.WireExample;
import dev.greeter.testing.RawClient;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example of the specification, over a real socket. */
class WireExamplesTest {
    /** These need the clock, a full server, or a drain, and have tests of their own. */
    private static final List<String> OF_THE_SERVERS_STATE = List.of("timeout", "timeout-in-session", "busy", "drain");

    static Stream<WireExample> examples() {
        return WireExample.all().stream().filter(example -> !OF_THE_SERVERS_STATE.contains(example.name()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersEachExampleToTheOctet(WireExample example) {
        try (Server server = new Server();
                RawClient peer = new RawClient(server.port())) {
            for (WireExample.Step step : example.steps()) {
                if (step.client() && step.ends()) {
                    peer.halfClose();
                } else if (step.client()) {
                    peer.send(step.octets());
                } else if (step.ends()) {
                    assertThat(peer.rest()).isEmpty();
                } else {
                    assertThat(peer.octets(step.octets().length)).isEqualTo(step.said());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersTheSameOctetByOctet(WireExample example) {
        try (Server server = new Server();
                RawClient peer = new RawClient(server.port())) {
            for (byte octet : example.said(true)) {
                try {
                    peer.send(new byte[] {octet});
                } catch (UncheckedIOException refusedAndClosed) {
                    break;
                }
            }
            if (example.ends(true)) {
                peer.halfClose();
            }
            assertThat(peer.rest()).isEqualTo(WireExample.text(example.said(false)));
        }
    }

    @Test
    void answersAnyDepthOfPipeliningInOrder() throws Exception {
        int lines = 200_000;
        try (Server server = new Server();
                RawClient peer = new RawClient(server.port())) {
            String said =
                    IntStream.range(0, lines).mapToObj(i -> "Hello " + i + "\n").collect(Collectors.joining());
            String expected =
                    IntStream.range(0, lines).mapToObj(i -> "World " + i + "\n").collect(Collectors.joining());
            peer.sendLastInBackground("GREETING/2\n" + said);
            assertThat(peer.rest()).isEqualTo("GREETING/2\n" + expected);
            server.awaitTally(lines, 0, 0);
        }
    }
}

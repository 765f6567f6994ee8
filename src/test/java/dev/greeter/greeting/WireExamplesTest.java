package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.protocol.WireExample;
import java.io.IOException;
import java.net.SocketException;
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
    void answersEachExampleToTheOctet(WireExample example) throws IOException {
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            for (WireExample.Step step : example.steps()) {
                if (step.client() && step.ends()) {
                    peer.end();
                } else if (step.client()) {
                    peer.say(step.octets());
                } else if (step.ends()) {
                    assertThat(peer.hearAll()).isEmpty();
                } else {
                    assertThat(peer.hear(step.octets().length)).isEqualTo(step.said());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersTheSameOctetByOctet(WireExample example) throws IOException {
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            for (byte octet : example.said(true)) {
                try {
                    peer.say(new byte[] {octet});
                } catch (SocketException refusedAndClosed) {
                    break;
                }
            }
            if (example.ends(true)) {
                peer.end();
            }
            assertThat(peer.hearAll()).isEqualTo(WireExample.text(example.said(false)));
        }
    }

    @Test
    void answersAnyDepthOfPipeliningInOrder() throws Exception {
        int lines = 200_000;
        try (Server server = new Server();
                Peer peer = new Peer(server.port())) {
            String said =
                    IntStream.range(0, lines).mapToObj(i -> "Hello " + i + "\n").collect(Collectors.joining());
            String expected =
                    IntStream.range(0, lines).mapToObj(i -> "World " + i + "\n").collect(Collectors.joining());
            peer.sayBeside("GREETING/2\n" + said);
            assertThat(peer.hearAll()).isEqualTo("GREETING/2\n" + expected);
            server.awaitTally(lines, 0, 0);
        }
    }
}

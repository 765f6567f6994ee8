package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Protocol;
import dev.greeter.client.Url;
import dev.greeter.config.value.HostPort;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Target;
import dev.greeter.testing.FakeServer;
import dev.greeter.testing.Machine;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GreetingLossTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    @Test
    void namesEachLossOfOneShotsToTheExchange() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.read(5);
            switch (nth % 10) {
                case 1 -> connection.reset();
                case 2 -> {}
                case 3 -> connection.hold();
                case 4 -> connection.write("Wor");
                case 5 -> connection.write("Wurst");
                case 6 -> connection.write("Error busy too many connections\n");
                case 7 -> connection.write("World, and more");
                default -> connection.write("World");
            }
        })) {
            ScenarioResult result =
                    Probing.run(Mode.ONESHOT, Probing.greeting(server.port()), Load.openCount(500, 100), 1, SHORT);
            assertThat(result.counts().sent()).isEqualTo(100);
            assertThat(result.counts().answered()).isEqualTo(30);
            Probing.assertLosses(
                    result,
                    Map.of(
                            Loss.Kind.RESET, 10L,
                            Loss.Kind.CLOSED, 20L,
                            Loss.Kind.TIMEOUT, 10L,
                            Loss.Kind.WRONG, 20L,
                            Loss.Kind.REJECTED, 10L));
            assertThat(result.counts().rejected().keySet()).isSubsetOf("busy");
            assertThat(result.counts().connections()).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesARefusedPort(Mode mode) throws IOException {
        int port = Machine.freePort();
        ScenarioResult result =
                Probing.run(mode, at("127.0.0.1", port, mode), Load.openCount(500, 50), 2, Probing.TIMEOUT);
        Probing.assertLosses(result, Map.of(Loss.Kind.REFUSED, 50L));
        assertThat(result.counts().sent()).isEqualTo(50);
        assertThat(result.outages()).singleElement().returns(50L, ScenarioResult.Outage::count);
    }

    @ParameterizedTest
    @EnumSource
    void namesAnUnknownHost(Mode mode) {
        ScenarioResult result =
                Probing.run(mode, at("greeter.invalid", 1234, mode), Load.openCount(500, 20), 2, Probing.TIMEOUT);
        Probing.assertLosses(result, Map.of(Loss.Kind.DNS, 20L));
    }

    @Test
    void reportsTheAddressesOfAName() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.read(5);
            connection.write("World");
        })) {
            ScenarioResult result = Probing.run(
                    Mode.ONESHOT,
                    Target.greeting(new HostPort("localhost", server.port())),
                    Load.openCount(100, 10),
                    1,
                    Probing.TIMEOUT);
            assertThat(result.counts().answered()).isEqualTo(10);
            assertThat(result.addresses()).isEqualTo(Map.of("127.0.0.1", 10L));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "fe80::1%nowhere", "256.1.1.1.invalid"})
    void namesAHostThatHasNoAddress(String host) {
        ScenarioResult result = Probing.run(
                Mode.ONESHOT, Target.greeting(new HostPort(host, 1)), Load.openCount(100, 3), 1, Probing.TIMEOUT);
        Probing.assertLosses(result, Map.of(Loss.Kind.DNS, 3L));
    }

    @Test
    void losesByTimeoutWhatFindsNoConnectionFree() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> connection.hold())) {
            ScenarioResult result =
                    Probing.run(Mode.HTTP_KEEPALIVE, Probing.http(server.port()), Load.openCount(1_000, 500), 1, SHORT);
            Probing.assertLosses(result, Map.of(Loss.Kind.TIMEOUT, 500L));
            assertThat(result.counts().unsent()).isPositive();
        }
    }

    private static Target at(String host, int port, Mode mode) {
        return mode.protocol() == Protocol.HTTP
                ? Target.http(Url.parse("http://" + host + ":" + port))
                : Target.greeting(new HostPort(host, port));
    }
}

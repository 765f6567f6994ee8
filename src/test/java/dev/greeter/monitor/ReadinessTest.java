package dev.greeter.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final Readiness readiness = new Readiness();

    @Test
    void startsAndGetsReadyAndDrains() {
        assertThat(readiness.state()).isEqualTo(Readiness.State.STARTING);
        readiness.ready();
        assertThat(readiness.state()).isEqualTo(Readiness.State.READY);
        readiness.drain();
        assertThat(readiness.state()).isEqualTo(Readiness.State.DRAINING);
    }

    @Test
    void isNeverReadyAgainOnceItDrains() {
        readiness.drain();

        readiness.ready();

        assertThat(readiness.state()).isEqualTo(Readiness.State.DRAINING);
    }
}

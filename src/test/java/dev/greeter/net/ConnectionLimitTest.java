package dev.greeter.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
    private final ConnectionLimit limit = new ConnectionLimit(2);

    @Test
    void isReachedWithTheLastAndHasRoomAgainWhenOneIsReleased() {
        assertThat(limit.take()).isTrue();
        assertThat(limit.isReached()).isFalse();
        assertThat(limit.take()).isTrue();
        assertThat(limit.isReached()).isTrue();
        assertThat(limit.take()).isFalse();
        limit.release();
        assertThat(limit.take()).isTrue();
    }

    @Test
    void leavesHalfOfItsPlacesToOthers() {
        assertThat(limit.takeOfHalf()).isTrue();
        assertThat(limit.takeOfHalf()).isFalse();
        assertThat(limit.take()).isTrue();
        assertThat(limit.takeOfHalf()).isFalse();
        limit.release();
        assertThat(limit.takeOfHalf()).isFalse();
        limit.release();
        assertThat(limit.takeOfHalf()).isTrue();
    }

    @Test
    void countsThoseThatAreOpenWhenItIsLowered() {
        assertThat(limit.take()).isTrue();
        assertThat(limit.take()).isTrue();
        limit.change(1);
        limit.release();
        assertThat(limit.take()).isFalse();
        limit.release();
        assertThat(limit.take()).isTrue();
    }
}

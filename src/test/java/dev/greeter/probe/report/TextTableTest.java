package dev.greeter.probe.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private static final Set<Integer> LEFT = Set.of(0);

    @Test
    void alignsColumns() {
        assertThat(TextTable.of(List.of(List.of("node", "count"), List.of("a", "1,000,000")), LEFT))
                .isEqualTo("node      count\na     1,000,000\n");
    }

    @Test
    void isEmptyWithoutRows() {
        assertThat(TextTable.of(List.of(), LEFT)).isEmpty();
    }

    /** A large cluster has thousands of rows. */
    @Test
    void readsEachCellOnceForItsWidthAndOnceForItsText() {
        AtomicInteger reads = new AtomicInteger();
        List<String> row = new AbstractList<>() {
            @Override
            public String get(int column) {
                reads.incrementAndGet();
                return "cell";
            }

            @Override
            public int size() {
                return 2;
            }
        };
        TextTable.of(Collections.nCopies(100, row), LEFT);
        assertThat(reads).hasValue(2 * 2 * 100);
    }
}

package dev.greeter.cli.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LossyStreamTest {
    @Test
    void writesEveryLineToAReader() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (PrintStream lines = lossy(octets)) {
            lines.println("one");
            lines.println("two");
        }
        assertThat(octets.toString(UTF_8)).isEqualTo("one\ntwo\n");
    }

    @Test
    void neverWaitsForAReaderThatStandsStill() {
        CountDownLatch read = new CountDownLatch(1);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) {
                try {
                    read.await();
                    octets.write(octet);
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (PrintStream lines = lossy(full)) {
            for (int i = 0; i < 100_000; i++) {
                lines.println("line " + i);
            }
            read.countDown();
        }
        assertThat(octets.toString(UTF_8)).startsWith("line 0\nline 1\n").hasLineCount(257);
    }

    private static PrintStream lossy(OutputStream to) {
        return new PrintStream(new LossyStream(new PrintStream(to, true, UTF_8)), true, UTF_8);
    }
}

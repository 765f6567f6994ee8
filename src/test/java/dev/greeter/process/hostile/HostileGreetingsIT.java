package dev.greeter.process.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.protocol.WireExample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers of the greeting port that do all but what the protocol says, beside honest ones. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HostileGreetingsIT {
    /** With {@code -Dgreeter.attacks=100000} for long. */
    private static final int ATTACKS = Integer.getInteger("greeter.attacks", 1_000);

    /** With {@code -Dgreeter.silent=10000} for long. */
    private static final int SILENT = Integer.getInteger("greeter.silent", 500);

    private static final long SEED = 13;

    private static final Pattern ANSWER = Pattern.compile("(GREETING/2\n(World( [!-~]{1,64})?\n|Node [!-~]+\n)*)?"
            + "(World|Error (bad-greeting|bad-version|too-long) [ -~]*\n)?");

    /** Beyond what is buffered on the way, and beyond what an ended connection still takes. */
    private static final long ENDLESS_OCTETS = 64 << 20;

    @TempDir
    static Path folder;

    private static UnderAttack service;

    /** Answers that attackers got, and requests of theirs whose fate they did not see. */
    private static final LongAdder ANSWERED = new LongAdder();

    private static final LongAdder REFUSED = new LongAdder();
    private static final LongAdder UNKNOWN = new LongAdder();

    private final Attackers attackers = new Attackers();

    @BeforeAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void start() throws Exception {
        service = new UnderAttack(folder, "greeting.maxConnections=50", "greeting.idleTimeout=15s");
    }

    @AfterAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void isUnharmed() throws Exception {
        try (UnderAttack ended = service) {
            ended.honest.stop();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertCounted("answered", UnderAttack.WARM_UP + ended.honest.greeted() + ANSWERED.sum());
                assertCounted("refused", REFUSED.sum());
            });
            ended.assertUnharmed();
        }
    }

    private static void assertCounted(String outcome, long atLeast) throws Exception {
        assertThat(service.counted("greeting", outcome)).as(outcome).isBetween(atLeast, atLeast + UNKNOWN.sum());
    }

    @Test
    void answersGarbageAndMutatedGreetingsByTheProtocol() throws Exception {
        List<byte[]> examples =
                WireExample.all().stream().map(example -> example.said(true)).toList();
        Mutation mutation = new Mutation(SEED, examples);
        attackers.run(ATTACKS, 4, number -> {
            byte[] octets;
            synchronized (mutation) {
                octets = mutation.next();
            }
            try (Wire wire = new Wire(service.greetingPort)) {
                String answer = wire.send(octets).halfClose().rest();
                assertThat(answer)
                        .as(() -> "answer to " + number + ": " + WireExample.text(octets))
                        .matches(ANSWER);
                answer.lines().forEach(HostileGreetingsIT::count);
            }
        });
    }

    private static void count(String line) {
        if (line.startsWith("World")) {
            ANSWERED.increment();
        } else if (line.startsWith("Error")) {
            REFUSED.increment();
        }
    }

    /** Attackers do not wait for the service to notice: there may be as many connections as it allows. */
    @Test
    void survivesResetsAtEachOctet() throws Exception {
        service.honest.stopConnecting();
        String said = "GREETING/2\nHello\nHello 7f3a\nWho\nHello";
        attackers.run(said.length() * 5, 4, number -> {
            Wire wire = new Wire(service.greetingPort);
            wire.send(said.substring(0, number % said.length() + 1)).reset();
            UNKNOWN.add(3);
        });
        service.connectAgain();
    }

    @Test
    void endsLinesWithoutEnd() throws Exception {
        List<String> starts =
                List.of("", "GREETING/2", "GREETING/2\n", "GREETING/2\nHello ", "Hello", "GREETING/2\nWho\n");
        attackers.run(starts.size(), starts.size(), number -> {
            try (Wire wire = new Wire(service.greetingPort)) {
                long sent = wire.send(starts.get(number)).sendWithoutEnd("x", ENDLESS_OCTETS);
                assertThat(sent).as(starts.get(number)).isLessThan(ENDLESS_OCTETS);
                UNKNOWN.increment();
            }
        });
    }

    @Test
    void endsPeersThatSendAnOctetASecond() throws Exception {
        List<String> all = List.of("Hell", "GREETING/", "TREETING/2");
        attackers.run(20, 20, number -> {
            String slow = all.get(number % all.size());
            try (Wire wire = new Wire(service.greetingPort)) {
                String answer = wire.trickle(slow + "x".repeat(60));
                assertThat(answer).as(slow).matches("Error (timeout|bad-greeting) .*\n");
                REFUSED.increment();
            }
        });
    }

    @Test
    void endsReadersThatNeverRead() throws Exception {
        attackers.run(20, 20, number -> {
            try (Wire wire = new Wire(service.greetingPort, 2_048)) {
                wire.send("GREETING/2\n");
                long sent = wire.sendWithoutEnd("Who\n", ENDLESS_OCTETS);
                assertThat(sent).isLessThan(ENDLESS_OCTETS);
            }
        });
    }

    @Test
    void answersBusyBeyondTheLimitAndLeavesOldConnectionsAlone() throws Exception {
        service.honest.stopConnecting();
        List<Wire> silent = new ArrayList<>();
        try {
            for (int i = 0; i < SILENT; i++) {
                silent.add(new Wire(service.greetingPort));
            }
            int busy = 0;
            for (Wire each : silent) {
                String answer = each.rest();
                assertThat(answer).matches("(Error (busy|timeout) [ -~]*\n)?");
                busy += answer.contains("busy") ? 1 : 0;
            }
            assertThat(busy).as("busy").isPositive();
        } finally {
            for (Wire each : silent) {
                each.close();
            }
        }
        service.connectAgain();
        assertThat(isGreeted()).isTrue();
        ANSWERED.increment();
    }

    private static boolean isGreeted() throws IOException {
        try (Wire wire = new Wire(service.greetingPort)) {
            return wire.send("Hello".getBytes(US_ASCII)).rest().equals("World");
        }
    }
}

package dev.greeter.process.hostile;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on the ports of HTTP: one service bears all of a class, and is unharmed after the last. */
abstract class HttpAttack {
    static final long SEED = 13;
    static final long ENDLESS_OCTETS = 64 << 20;

    @TempDir
    static Path folder;

    static UnderAttack service;

    final Attackers attackers = new Attackers();

    /** To be called before the first test of each class, once. */
    static void serve(String... settings) throws Exception {
        service = new UnderAttack(folder, settings);
    }

    @AfterAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void isUnharmed() throws Exception {
        try (UnderAttack ended = service) {
            ended.assertUnharmed();
        }
    }
}

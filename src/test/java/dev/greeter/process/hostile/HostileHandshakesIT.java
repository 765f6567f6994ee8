package dev.greeter.process.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TlsOctets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that begin TLS and do all but what it is for, beside honest clients over TLS. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HostileHandshakesIT {
    /** With {@code -Dgreeter.attacks=100000} for long. */
    private static final int ATTACKS = Integer.getInteger("greeter.attacks", 1_000);

    /** With {@code -Dgreeter.handshakes=10000} for long; each takes a signature. */
    private static final int HANDSHAKES = Integer.getInteger("greeter.handshakes", 1_000);

    /** With {@code -Dgreeter.silent=10000} for long. */
    private static final int SILENT = Integer.getInteger("greeter.silent", 500);

    /** Of both ports, so that each still lets honest clients in. */
    private static final int WITHIN_THE_LIMITS = 250;

    private static final long SEED = 13;
    private static final int THREADS = 4;

    /** Requests for new keys that a peer sends without reading an answer. */
    private static final int KEY_UPDATES = 50_000;

    @TempDir
    static Path folder;

    private static UnderAttack service;
    private static SSLContext attacker;

    private final Attackers attackers = new Attackers();

    @BeforeAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void start() throws Exception {
        attacker = SelfSignedCertificate.strangerContext();
        service = UnderAttack.overTls(folder);
    }

    @AfterAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void isUnharmed() throws Exception {
        try (UnderAttack ended = service) {
            ended.assertUnharmed();
        }
    }

    private static int port(int number) {
        return number % 2 == 0 ? service.greetingPort : service.httpPort;
    }

    @Test
    void answersOthersBesideFloodsOfHandshakes() throws Exception {
        attackers.run(HANDSHAKES, THREADS, number -> {
            // a context of its own has no session to resume
            Wire wire = new Wire(port(number), 0, SelfSignedCertificate.strangerContext());
            wire.handshake().reset();
        });
    }

    /** The server has signed by the time that these leave, and they have not. */
    @Test
    void answersOthersBesideHandshakesThatStopAfterTheFirstFlight() throws Exception {
        byte[] hello = TlsOctets.clientHello(attacker);
        attackers.run(HANDSHAKES * 2, THREADS, number -> {
            Wire wire = new Wire(port(number));
            assertThat(wire.send(hello).until("\26\3\3")).as("a first flight").isNotEmpty();
            wire.reset();
        });
    }

    @Test
    void endsHandshakesThatStayUnfinished() throws Exception {
        byte[] hello = TlsOctets.clientHello(attacker);
        List<Wire> unfinished = new ArrayList<>();
        // there may be as many as the ports let in
        service.honest.stopConnecting();
        try {
            for (int number = 0; number < SILENT; number++) {
                Wire wire = new Wire(port(number));
                unfinished.add(wire.send(number % 4 < 2 ? hello : Arrays.copyOf(hello, hello.length - 1)));
            }
            for (Wire wire : unfinished) {
                wire.rest();
            }
        } finally {
            for (Wire wire : unfinished) {
                wire.close();
            }
            service.connectAgain();
        }
    }

    @Test
    void endsGarbageWithinRecordsAndAroundThem() throws Exception {
        Random random = new Random(SEED);
        byte[] hello = TlsOctets.clientHello(attacker);
        attackers.run(ATTACKS, THREADS, number -> {
            byte[] octets;
            synchronized (random) {
                octets = garbage(random, hello);
            }
            try (Wire wire = new Wire(port(number))) {
                wire.send(octets).halfClose().rest();
            }
        });
    }

    private static byte[] garbage(Random random, byte[] hello) {
        byte[] octets = hello.clone();
        switch (random.nextInt(5)) {
            case 0 -> {
                // a header of a record, and anything behind it
                octets = new byte[random.nextInt(20_000) + 5];
                random.nextBytes(octets);
                octets[0] = (byte) (20 + random.nextInt(4));
                octets[1] = 3;
                octets[2] = (byte) random.nextInt(5);
            }
            case 1 -> {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    octets[random.nextInt(octets.length)] = (byte) random.nextInt();
                }
            }
            case 2 -> octets = Arrays.copyOf(octets, random.nextInt(octets.length));
            case 3 -> {
                // records of one octet each
                byte[] split = new byte[(octets.length - 5) * 6];
                for (int i = 5; i < octets.length; i++) {
                    int at = (i - 5) * 6;
                    split[at] = 22;
                    split[at + 1] = 3;
                    split[at + 2] = 1;
                    split[at + 4] = 1;
                    split[at + 5] = octets[i];
                }
                octets = split;
            }
            default -> {
                // empty records, then alerts, without end
                byte[] many = new byte[60_000];
                for (int at = 0; at + 7 <= many.length; at += 7) {
                    many[at] = (byte) (at < 30_000 ? 22 : 21);
                    many[at + 1] = 3;
                    many[at + 2] = 3;
                    many[at + 4] = 2;
                    many[at + 5] = 1;
                }
                octets = many;
            }
        }
        return octets;
    }

    /** Each asks for an answer, and takes none. */
    @Test
    void endsPeersThatAskForNewKeysAndNeverRead() throws Exception {
        attackers.run(4, THREADS, number -> {
            Wire wire = new Wire(port(number), 2_048, version("TLSv1.3")).handshake();
            for (int i = 0; i < KEY_UPDATES && !wire.isEnded(); i++) {
                wire.handshake();
            }
            assertThat(wire.isEnded()).isTrue();
            wire.reset();
        });
    }

    @Test
    void answersOthersBesideRecordsThatStayUnfinished() throws Exception {
        List<Wire> unfinished = new ArrayList<>();
        try {
            for (int number = 0; number < WITHIN_THE_LIMITS; number++) {
                Wire wire = new Wire(port(number), 0, attacker).handshake();
                unfinished.add(wire.sendBelow(TlsOctets.unfinishedRecord()));
            }
            long got = service.honest.got();
            await().atMost(Duration.ofMinutes(1)).until(() -> service.honest.got() > got + 10);
        } finally {
            for (Wire wire : unfinished) {
                wire.reset();
            }
        }
    }

    private static SSLContext version(String version) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(version);
        context.init(null, io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
    }
}

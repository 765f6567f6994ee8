package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestDecoderTest {
    private static final Request HELLO = new Request.Hello(null, 6);
    private static final Request PREFACE = new Request.Preface();
    private static final Request ONE_SHOT = new Request.OneShot();
    private static final Request WHO = new Request.Who();

    private static final String TOKEN_64 = "0123456789abcdef".repeat(4);

    /** The requests that each golden example's client sends, or the reply that refuses one. */
    private static final Map<String, List<Object>> MEANING = Map.ofEntries(
            Map.entry("oneshot", List.of(ONE_SHOT)),
            Map.entry("oneshot-line", List.of(ONE_SHOT)),
            Map.entry("oneshot-what-follows-is-ignored", List.of(ONE_SHOT)),
            Map.entry("session", List.of(PREFACE, HELLO, hello("7f3a"), WHO)),
            Map.entry("session-crlf", List.of(PREFACE, new Request.Hello("7f3a", 12))),
            Map.entry("session-pipelined", List.of(PREFACE, hello("a"), hello("b"), hello("c"))),
            Map.entry("session-empty", List.of(PREFACE)),
            Map.entry("session-longest-token", List.of(PREFACE, hello(TOKEN_64))),
            Map.entry("session-token-of-any-octet", List.of(PREFACE, hello("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"))),
            Map.entry("nothing", List.of()),
            Map.entry("bad-greeting", List.of(Reply.Refused.FIRST)),
            Map.entry("bad-greeting-no-line", List.of(Reply.Refused.FIRST)),
            Map.entry("bad-greeting-http", List.of(Reply.Refused.FIRST)),
            Map.entry("bad-greeting-binary", List.of(Reply.Refused.FIRST)),
            Map.entry("bad-greeting-unfinished", List.of(Reply.Refused.UNFINISHED)),
            Map.entry("bad-greeting-in-session", List.of(PREFACE, hello("a"), Reply.Refused.LINE)),
            Map.entry("bad-greeting-empty-line", List.of(PREFACE, Reply.Refused.LINE)),
            Map.entry("bad-greeting-preface-twice", List.of(PREFACE, Reply.Refused.LINE)),
            Map.entry("bad-greeting-token-empty", List.of(PREFACE, Reply.Refused.TOKEN)),
            Map.entry("bad-greeting-token-long", List.of(PREFACE, Reply.Refused.TOKEN)),
            Map.entry("bad-greeting-token-blank", List.of(PREFACE, Reply.Refused.TOKEN)),
            Map.entry("bad-greeting-token-not-ascii", List.of(PREFACE, Reply.Refused.TOKEN)),
            Map.entry("bad-greeting-unfinished-in-session", List.of(PREFACE, hello("a"), Reply.Refused.UNFINISHED)),
            Map.entry("bad-version", List.of(Reply.Refused.VERSION)),
            Map.entry("bad-version-more", List.of(Reply.Refused.VERSION)),
            Map.entry("too-long", List.of(PREFACE, hello("a"), Reply.Refused.TOO_LONG)),
            Map.entry("too-long-ended", List.of(PREFACE, Reply.Refused.TOO_LONG)),
            Map.entry("too-long-preface", List.of(Reply.Refused.TOO_LONG)),
            Map.entry("longest-line", List.of(PREFACE, Reply.Refused.LINE)),
            // what the clock or the server's state adds to these is no octet of the client's
            Map.entry("timeout", List.of()),
            Map.entry("timeout-in-session", List.of(PREFACE)),
            Map.entry("busy", List.of()),
            Map.entry("drain", List.of(PREFACE, hello("a"))));

    @Test
    void everyExampleHasItsMeaning() {
        assertThat(WireExample.all().stream().map(WireExample::name))
                .containsExactlyInAnyOrderElementsOf(MEANING.keySet());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsAnExampleWhole(WireExample example) {
        assertThat(meaning(read(example, example.said(true).length))).isEqualTo(MEANING.get(example.name()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsAnExampleOctetByOctet(WireExample example) {
        assertThat(meaning(read(example, 1))).isEqualTo(MEANING.get(example.name()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsAnExampleInSegmentsOfAnySize(WireExample example) {
        for (int size = 2; size < example.said(true).length; size++) {
            assertThat(meaning(read(example, size))).as("segments of %d", size).isEqualTo(MEANING.get(example.name()));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsTheSameOfAnExampleCutShort(WireExample example) {
        byte[] octets = example.said(true);
        List<Object> whole = MEANING.getOrDefault(example.name(), List.of());
        for (int length = 0; length < octets.length; length++) {
            List<Object> cut = meaning(read(new RequestDecoder(), Arrays.copyOf(octets, length), 64));
            assertThat(cut).as("cut to %d", length).isEqualTo(whole.subList(0, cut.size()));
        }
    }

    @Test
    void takesAnyOctetsWithoutThrowing() {
        Random random = new Random(7);
        String alphabet = "Hello GREETING/2\r\nWho\u0000\u00ff";
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = new byte[random.nextInt(600)];
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            int size = 1 + random.nextInt(64);
            List<Request> inSegments = read(new RequestDecoder(), octets, size);
            List<Request> octetByOctet = read(new RequestDecoder(), octets, 1);
            // of garbage that is too long as well, either may be told first
            assertThat(withoutCode(inSegments)).isEqualTo(withoutCode(octetByOctet));
        }
    }

    @Test
    void countsTheOctetsThatARequestTook() {
        RequestDecoder decoder = new RequestDecoder();
        ByteBuf in = buffer("GREETING/2\r\nHello 7f3a\nHello\nHel");
        assertThat(decoder.next(in)).isEqualTo(PREFACE);
        assertThat(decoder.next(in)).isEqualTo(new Request.Hello("7f3a", 11));
        assertThat(decoder.next(in)).isEqualTo(new Request.Hello(null, 6));
        assertThat(decoder.next(in)).isNull();
        assertThat(decoder.unfinishedOctets()).isEqualTo(3);
        assertThat(decoder.refuseUnfinished(Reply.Refused.TIMEOUT))
                .isEqualTo(new Request.Malformed(Reply.Refused.TIMEOUT, 3));
        ByteBuf rest = buffer("lo\r\nHowdy\n");
        assertThat(decoder.next(rest)).isEqualTo(new Request.Hello(null, 7));
        assertThat(decoder.unfinishedOctets()).isZero();
        assertThat(decoder.refuseUnfinished(Reply.Refused.TIMEOUT)).isNull();
        assertThat(decoder.next(rest)).isEqualTo(new Request.Malformed(Reply.Refused.LINE, 6));
    }

    @Test
    void holdsBackNoMoreThanALine() {
        RequestDecoder decoder = new RequestDecoder();
        assertThat(decoder.next(buffer("GREETING/2\n"))).isEqualTo(PREFACE);
        ByteBuf endless = buffer("x".repeat(100_000));
        assertThat(decoder.next(endless))
                .isInstanceOfSatisfying(
                        Request.Malformed.class,
                        malformed -> assertThat(malformed.refusal()).isEqualTo(Reply.Refused.TOO_LONG));
        assertThat(decoder.unfinishedOctets()).isLessThanOrEqualTo(Wire.MAX_LINE_OCTETS + 2);
    }

    /** A line of 257 octets may end in the chunk in which it is found to be too long. */
    @Test
    void takesAOneShotGreetingWhateverTheLengthOfItsLine() {
        for (int length = 240; length <= 270; length++) {
            for (String end : List.of("", "\n", "\r\n", "\r", "\nx")) {
                byte[] octets = ("Hello" + "x".repeat(length - 5) + end).getBytes(US_ASCII);
                for (int segment : new int[] {1, 4, 5, 6, 100, length, octets.length}) {
                    assertThat(read(new RequestDecoder(), octets, segment))
                            .as("a line of %d in segments of %d", length, segment)
                            .containsExactly(ONE_SHOT);
                }
            }
        }
    }

    @Test
    void countsTheOctetsOfALineThatIsTooLong() {
        for (String end : List.of("\n", "\r\n", "x\n", "xxx")) {
            for (String first : List.of("", "GREETING/2\n")) {
                RequestDecoder decoder = new RequestDecoder();
                byte[] octets = (first + "GREETING/" + "x".repeat(248) + end).getBytes(US_ASCII);
                List<Request> read = read(decoder, octets, octets.length);
                assertThat(read.get(read.size() - 1)).isInstanceOfSatisfying(Request.Malformed.class, malformed -> {
                    assertThat(malformed.refusal()).isEqualTo(Reply.Refused.TOO_LONG);
                    assertThat(malformed.octets()).isEqualTo(258);
                });
            }
        }
    }

    static Stream<WireExample> examples() {
        return WireExample.all().stream();
    }

    private static List<Request> read(WireExample example, int segment) {
        RequestDecoder decoder = new RequestDecoder();
        List<Request> requests = read(decoder, example.said(true), segment);
        boolean over = !requests.isEmpty() && isLast(requests.get(requests.size() - 1));
        Request unfinished = example.ends(true) && !over ? decoder.refuseUnfinished(Reply.Refused.UNFINISHED) : null;
        if (unfinished != null) {
            requests.add(unfinished);
        }
        return requests;
    }

    private static List<Request> read(RequestDecoder decoder, byte[] octets, int segment) {
        List<Request> requests = new ArrayList<>();
        for (int from = 0; from < octets.length; from += segment) {
            ByteBuf in = Unpooled.wrappedBuffer(octets, from, Math.min(segment, octets.length - from));
            Request request = decoder.next(in);
            while (request != null) {
                requests.add(request);
                if (isLast(request)) {
                    return requests;
                }
                request = decoder.next(in);
            }
            assertThat(in.isReadable()).isFalse();
        }
        return requests;
    }

    private static boolean isLast(Request request) {
        return request instanceof Request.OneShot || request instanceof Request.Malformed;
    }

    private static List<Object> withoutCode(List<Request> requests) {
        return requests.stream()
                .<Object>map(request -> request instanceof Request.Malformed ? "refused" : request)
                .toList();
    }

    /** How many octets of a malformed request are read depends on the segments. */
    private static List<Object> meaning(List<Request> requests) {
        return requests.stream()
                .<Object>map(request -> request instanceof Request.Malformed malformed ? malformed.refusal() : request)
                .toList();
    }

    private static Request hello(String token) {
        return new Request.Hello(token, "Hello ".length() + token.length() + 1);
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }
}

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
    private static final Request HELLO = new Request.Hello(null);
    private static final Request PREFACE = new Request.Preface();
    private static final Request ONE_SHOT = new Request.OneShot();
    private static final Request WHO = new Request.Who();

    private static final String TOKEN_64 = "0123456789abcdef".repeat(4);

    /** What each golden example's client octets mean. */
    private static final Map<String, List<Request>> MEANING = Map.ofEntries(
            Map.entry("oneshot", List.of(ONE_SHOT)),
            Map.entry("oneshot-line", List.of(ONE_SHOT)),
            Map.entry("oneshot-what-follows-is-ignored", List.of(ONE_SHOT)),
            Map.entry("session", List.of(PREFACE, HELLO, hello("7f3a"), WHO)),
            Map.entry("session-crlf", List.of(PREFACE, hello("7f3a"))),
            Map.entry("session-pipelined", List.of(PREFACE, hello("a"), hello("b"), hello("c"))),
            Map.entry("session-empty", List.of(PREFACE)),
            Map.entry("session-longest-token", List.of(PREFACE, hello(TOKEN_64))),
            Map.entry("session-token-of-any-octet", List.of(PREFACE, hello("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"))),
            Map.entry("nothing", List.of()),
            Map.entry("bad-greeting", List.of(Request.Malformed.FIRST)),
            Map.entry("bad-greeting-no-line", List.of(Request.Malformed.FIRST)),
            Map.entry("bad-greeting-http", List.of(Request.Malformed.FIRST)),
            Map.entry("bad-greeting-binary", List.of(Request.Malformed.FIRST)),
            Map.entry("bad-greeting-unfinished", List.of(Request.Malformed.UNFINISHED)),
            Map.entry("bad-greeting-in-session", List.of(PREFACE, hello("a"), Request.Malformed.LINE)),
            Map.entry("bad-greeting-empty-line", List.of(PREFACE, Request.Malformed.LINE)),
            Map.entry("bad-greeting-preface-twice", List.of(PREFACE, Request.Malformed.LINE)),
            Map.entry("bad-greeting-token-empty", List.of(PREFACE, Request.Malformed.TOKEN)),
            Map.entry("bad-greeting-token-long", List.of(PREFACE, Request.Malformed.TOKEN)),
            Map.entry("bad-greeting-token-blank", List.of(PREFACE, Request.Malformed.TOKEN)),
            Map.entry("bad-greeting-token-not-ascii", List.of(PREFACE, Request.Malformed.TOKEN)),
            Map.entry("bad-greeting-unfinished-in-session", List.of(PREFACE, hello("a"), Request.Malformed.UNFINISHED)),
            Map.entry("bad-version", List.of(Request.Malformed.VERSION)),
            Map.entry("bad-version-more", List.of(Request.Malformed.VERSION)),
            Map.entry("too-long", List.of(PREFACE, hello("a"), Request.Malformed.TOO_LONG)),
            Map.entry("too-long-ended", List.of(PREFACE, Request.Malformed.TOO_LONG)),
            Map.entry("too-long-preface", List.of(Request.Malformed.TOO_LONG)),
            Map.entry("longest-line", List.of(PREFACE, Request.Malformed.LINE)),
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
        assertThat(read(example, example.said(true).length)).isEqualTo(MEANING.get(example.name()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsAnExampleOctetByOctet(WireExample example) {
        assertThat(read(example, 1)).isEqualTo(MEANING.get(example.name()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsAnExampleInSegmentsOfAnySize(WireExample example) {
        for (int size = 2; size < example.said(true).length; size++) {
            assertThat(read(example, size)).as("segments of %d", size).isEqualTo(MEANING.get(example.name()));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsTheSameOfAnExampleCutShort(WireExample example) {
        byte[] octets = example.said(true);
        List<Request> whole = MEANING.getOrDefault(example.name(), List.of());
        for (int length = 0; length < octets.length; length++) {
            List<Request> cut = read(new RequestDecoder(), Arrays.copyOf(octets, length), 64);
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
    void tellsHowManyOctetsARequestTook() {
        RequestDecoder decoder = new RequestDecoder();
        ByteBuf in = buffer("GREETING/2\r\nHello 7f3a\nHello\nHel");
        assertThat(decoder.next(in)).isEqualTo(PREFACE);
        assertThat(decoder.octets()).isEqualTo(12);
        assertThat(decoder.next(in)).isEqualTo(hello("7f3a"));
        assertThat(decoder.octets()).isEqualTo(11);
        assertThat(decoder.next(in)).isEqualTo(HELLO);
        assertThat(decoder.octets()).isEqualTo(6);
        assertThat(decoder.next(in)).isNull();
        assertThat(decoder.isMidRequest()).isTrue();
        assertThat(decoder.heldOctets()).isEqualTo(3);
        ByteBuf rest = buffer("lo\n");
        assertThat(decoder.next(rest)).isEqualTo(HELLO);
        assertThat(decoder.octets()).isEqualTo(6);
        assertThat(decoder.isMidRequest()).isFalse();
    }

    @Test
    void holdsBackNoMoreThanALine() {
        RequestDecoder decoder = new RequestDecoder();
        assertThat(decoder.next(buffer("GREETING/2\n"))).isEqualTo(PREFACE);
        ByteBuf endless = buffer("x".repeat(100_000));
        assertThat(decoder.next(endless)).isEqualTo(Request.Malformed.TOO_LONG);
        assertThat(decoder.heldOctets()).isLessThanOrEqualTo(Wire.MAX_LINE_OCTETS + 2);
    }

    static Stream<WireExample> examples() {
        return WireExample.all().stream();
    }

    private static List<Request> read(WireExample example, int segment) {
        RequestDecoder decoder = new RequestDecoder();
        List<Request> requests = read(decoder, example.said(true), segment);
        boolean over = !requests.isEmpty() && isLast(requests.get(requests.size() - 1));
        Request unfinished = example.ends(true) && !over ? decoder.end() : null;
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

    private static Request hello(String token) {
        return new Request.Hello(token);
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }
}

package dev.greeter.probe.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.greeter.client.ResponseDecoder;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** GETs over HTTP/1.1, one at a time: one only, or one after another. */
final class HttpConnection extends SequentialConnection {
    /** How long the server may take to close when all is answered; the side that closes first keeps the port busy. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The page of a Greeter has it, within so many octets. */
    private static final String GREETING = "<h1>Hello, World!</h1>";

    private static final int MAX_PAGE_OCTETS = 4_096;
    private static final String PAGE_PATH = "/";

    private final ResponseDecoder decoder = new ResponseDecoder();
    private final boolean persistent;
    private final ByteBuf page = Unpooled.buffer(0, MAX_PAGE_OCTETS);
    private @Nullable ChannelPipeline pipeline;
    private @Nullable HttpResponse head;
    private boolean lingers;
    private long lingerUntil;

    HttpConnection(SequentialDriver driver) {
        super(driver);
        this.persistent = driver.scenario().mode() == Mode.HTTP_KEEPALIVE;
    }

    @Override
    void ask(PendingExchange next) {
        super.ask(next);
        if (isOpen()) {
            request();
        }
    }

    @Override
    void opened(ChannelHandlerContext socket) {
        pipeline = socket.pipeline();
        pipeline.addBefore(socket.name(), null, decoder);
        request();
    }

    @Override
    void received(Object message) {
        if (exchange == null) {
            unsolicited();
            return;
        }
        if (!(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
            malformed(message);
            return;
        }
        if (message instanceof HttpResponse response) {
            boolean interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (interim && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                lose(Loss.of(Loss.Kind.WRONG, "switched protocols, which nobody asked"));
                leave();
                return;
            }
            head = interim ? null : response;
        }
        HttpResponse response = head;
        if (response == null) {
            return;
        }
        if (message instanceof HttpContent content) {
            page.writeBytes(content.content(), Math.min(content.content().readableBytes(), page.maxWritableBytes()));
        }
        if (message instanceof LastHttpContent) {
            complete(response);
        }
    }

    /** More came than the response: the two sides no longer agree on where a response ends (RFC 9112, section 9.2). */
    private void unsolicited() {
        if (isOpen()) {
            driver.tally().unsolicited();
            leave();
        }
    }

    private void malformed(Object message) {
        Throwable cause =
                message instanceof HttpObject part ? part.decoderResult().cause() : null;
        if (cause instanceof PrematureChannelClosureException) {
            // the close itself says more
            return;
        }
        lose(Loss.of(
                Loss.Kind.WRONG,
                cause instanceof TooLongFrameException
                        ? "the response's head is over " + ResponseDecoder.MAX_HEAD_OCTETS + " octets"
                        : head == null ? "answered no HTTP" : "the response's framing is broken"));
        leave();
    }

    @Override
    void ended(Loss cause) {
        lose(cause);
        driver.gone(this);
    }

    @Override
    void sweep(long nowNanos) {
        super.sweep(nowNanos);
        if (lingers && nowNanos - lingerUntil >= 0) {
            leave();
        }
    }

    private void request() {
        write(Unpooled.wrappedBuffer(driver.request()));
    }

    private void complete(HttpResponse response) {
        PendingExchange asked = exchange;
        boolean kept = persistent && HttpUtil.isKeepAlive(response) && ResponseDecoder.isDelimited(response);
        if (asked == null) {
            return;
        }
        if (response.status().codeClass() != HttpStatusClass.SUCCESS) {
            lose(Loss.rejected(String.valueOf(response.status().code()), "status " + response.status()));
        } else if (ResponseDecoder.isCutShort(response, Objects.requireNonNull(pipeline))) {
            lose(Loss.of(Loss.Kind.CLOSED, "closed without TLS's close_notify, which may have cut the body"));
        } else if (!isRight()) {
            lose(Loss.of(Loss.Kind.WRONG, "answered another page"));
        } else {
            exchange = null;
            driver.answered(asked, response.headers().get("x-greeter-node"));
        }
        head = null;
        page.clear();
        if (decoder.holdsMore()) {
            unsolicited();
        } else if (kept) {
            driver.free(this);
        } else if (driver.leaves(this)) {
            lingers = true;
            lingerUntil = System.nanoTime() + LINGER_NANOS;
        } else {
            leave();
        }
    }

    /** Only the page is known: a response at another path is right if its status is. */
    private boolean isRight() {
        return !driver.target().path().equals(PAGE_PATH)
                || page.toString(US_ASCII).contains(GREETING);
    }
}

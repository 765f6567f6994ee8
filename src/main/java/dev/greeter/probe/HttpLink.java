package dev.greeter.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** GETs over HTTP/1.1, one at a time: one only, or one after another. */
final class HttpLink extends SingleLink {
    /** How long the server may take to close when all is answered; who closes first keeps the port busy. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a page of ours has, and within how many octets of it. */
    private static final String GREETING = "<h1>Hello, World!</h1>";

    private static final int MAX_PAGE_OCTETS = 4_096;
    private static final String PAGE_PATH = "/";

    private final boolean persistent;
    private final ByteBuf page = Unpooled.buffer(0, MAX_PAGE_OCTETS);
    private @Nullable Pending exchange;
    private @Nullable HttpResponse head;
    private boolean lingers;
    private long lingerUntil;

    HttpLink(SingleDriver driver) {
        super(driver);
        this.persistent = driver.row.form() == Form.HTTP_KEEPALIVE;
    }

    @Override
    void ask(Pending next) {
        exchange = next;
        if (isOpen()) {
            request();
        }
    }

    @Override
    void opened(ChannelHandlerContext socket) {
        socket.pipeline().addBefore(socket.name(), null, new HttpResponseDecoder());
        request();
    }

    @Override
    void received(Object message) {
        if (exchange == null) {
            return;
        }
        if (!(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
            lose(Loss.of(Loss.Kind.WRONG, "answered no HTTP"));
            leave();
            return;
        }
        if (message instanceof HttpResponse response) {
            boolean interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
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

    @Override
    void ended(Loss cause) {
        lose(cause);
        singles.gone(this);
    }

    @Override
    void sweep(long nowNanos) {
        if (exchange != null && driver.isLate(exchange, nowNanos)) {
            lose(late());
            leave();
        } else if (lingers && nowNanos - lingerUntil >= 0) {
            leave();
        }
    }

    private void request() {
        write(Unpooled.wrappedBuffer(singles.request()));
    }

    private void complete(HttpResponse response) {
        Pending asked = exchange;
        boolean kept = persistent && HttpUtil.isKeepAlive(response);
        if (asked == null) {
            return;
        }
        if (response.status().codeClass() != HttpStatusClass.SUCCESS) {
            lose(Loss.rejected(String.valueOf(response.status().code()), "status " + response.status()));
        } else if (!isRight()) {
            lose(Loss.of(Loss.Kind.WRONG, "answered another page"));
        } else {
            exchange = null;
            driver.answered(asked, response.headers().get("x-greeter-node"));
        }
        head = null;
        page.clear();
        if (kept) {
            singles.free(this);
        } else if (singles.leaves(this)) {
            lingers = true;
            lingerUntil = System.nanoTime() + LINGER_NANOS;
        } else {
            leave();
        }
    }

    /** Only the page is known: what is at another path is right if its status is. */
    private boolean isRight() {
        return !driver.target().path().equals(PAGE_PATH)
                || page.toString(US_ASCII).contains(GREETING);
    }

    private void leave() {
        close();
        singles.gone(this);
    }

    private void lose(Loss loss) {
        Pending asked = exchange;
        if (asked != null) {
            exchange = null;
            driver.lost(asked, loss);
        }
    }
}

package dev.greeter.client;

import dev.greeter.client.connect.ClientTls;
import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.TlsConnector;
import dev.greeter.config.Version;
import dev.greeter.json.StrictJson;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends GET requests, each on its own connection. A future fails with a {@link ClientException} only, within the timeout,
 * which counts from the call and includes the connect and the whole answer.
 */
public final class HttpFetch {
    private static final int MAX_BODY_MIB = 16;
    private static final int FIRST_ERROR_STATUS = 400;
    private static final int MAX_BODY_OCTETS = MAX_BODY_MIB << 20;

    /**
     * A response, as it came.
     *
     * @param broken why the body is not all of it; null if it is
     */
    public record Answer(
            String version,
            int status,
            String phrase,
            HttpHeaders headers,
            Buffer body,
            @Nullable String broken) {
        public String statusLine() {
            return (version + " " + status + " " + phrase).strip();
        }

        public boolean isError() {
            return status >= FIRST_ERROR_STATUS;
        }

        /**
         * Returns the body as the JSON object that our servers answer there.
         *
         * @param what the object is about
         * @throws ClientException if it is broken or no JSON object
         */
        public JsonObject json(Url url, String what) throws ClientException {
            if (broken != null) {
                throw new ClientException(url.toString(), broken);
            }
            try {
                if (StrictJson.read(StrictJson.text(body)) instanceof JsonObject object) {
                    return object;
                }
            } catch (DecodeException notJson) {
                // reported below
            }
            throw without(url, what);
        }

        /** Returns the failure that the server answered, but without what was asked for. */
        public ClientException without(Url url, String what) {
            return new ClientException(
                    url.toString(), "answered " + TerminalText.visible(statusLine()) + ", and no " + what);
        }
    }

    private final Vertx vertx;
    private final Dialer dialer;
    private final ClientTls settings;
    private @Nullable TlsConnector tls;

    public HttpFetch(Vertx vertx, ClientTls tls) {
        this.vertx = vertx;
        this.settings = tls;
        this.dialer = new Dialer(vertx);
    }

    /** Sends a GET. A body of over 16 MiB is cut there, and the answer says so. Redirects are not followed. */
    public Future<Answer> get(Url url, Duration timeout) {
        return new Fetch(url, timeout, url.isTls() ? tls() : null).start();
    }

    private TlsConnector tls() {
        if (tls == null) {
            tls = new TlsConnector(settings);
        }
        return tls;
    }

    private final class Fetch extends ClientCall<Answer> {
        private final Url url;
        private final @Nullable TlsConnector tls;
        private final Buffer body = Buffer.buffer();
        private @Nullable ChannelPipeline pipeline;
        private @Nullable HttpResponse head;

        Fetch(Url url, Duration timeout, @Nullable TlsConnector tls) {
            super(HttpFetch.this.vertx, url.toString(), timeout);
            this.url = url;
            this.tls = tls;
        }

        @Override
        void connect(Duration limit) {
            dialer.connect(url.server(), limit, tls)
                    .onComplete(this::connected, cause -> stop(NetworkErrors.notConnected(cause)));
        }

        @Override
        String progress() {
            return "before an answer";
        }

        @Override
        void stop(String event) {
            if (head == null) {
                super.stop(event);
            } else {
                finish(event + " after " + body.length() + " octets of the body");
            }
        }

        private void connected(NetSocket socket) {
            if (!opened(socket::close)) {
                return;
            }
            NetSocketInternal decoded = (NetSocketInternal) socket;
            ChannelHandlerContext context = decoded.channelHandlerContext();
            pipeline = context.pipeline();
            pipeline.addBefore(context.name(), null, new ResponseDecoder());
            decoded.messageHandler(this::read);
            socket.exceptionHandler(cause -> stop(NetworkErrors.broken(cause)));
            socket.closeHandler(closed -> stop("closed"));
            socket.write(request()).onFailure(cause -> stop(NetworkErrors.broken(cause)));
        }

        private Buffer request() {
            return Buffer.buffer("GET " + url.target() + " HTTP/1.1\r\nhost: " + url.authority()
                    + "\r\naccept: */*\r\nuser-agent: greeter/" + Version.number() + "\r\nconnection: close\r\n\r\n");
        }

        private void read(Object message) {
            try {
                if (!isOver()) {
                    read((HttpObject) message);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void read(HttpObject part) {
            Throwable failure = part.decoderResult().cause();
            if (failure != null) {
                malformed(failure);
                return;
            }
            if (part instanceof HttpResponse response && !begin(response)) {
                return;
            }
            if (head != null && part instanceof HttpContent content) {
                append(content.content());
                if (part instanceof LastHttpContent && !isOver()) {
                    whole(head);
                }
            }
        }

        /** Returns whether the call goes on: an interim response may come before the final one (RFC 9110, section 15.2). */
        private boolean begin(HttpResponse response) {
            HttpVersion version = response.protocolVersion();
            int status = response.status().code();
            String coding = String.join(", ", response.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING));
            if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
                fail("answered " + TerminalText.quoted(version.text()) + ", expected HTTP/1.1");
            } else if (status == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
                fail("switched protocols, which nobody asked for");
            } else if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                head = null;
            } else if (!coding.isEmpty() && !coding.equalsIgnoreCase("chunked")) {
                fail("answered in the transfer coding " + TerminalText.quoted(coding) + ", which nobody asked for");
            } else {
                head = response;
            }
            return !isOver();
        }

        private void whole(HttpResponse response) {
            if (ResponseDecoder.isCutShort(response, Objects.requireNonNull(pipeline))) {
                stop("closed without TLS's close_notify");
            } else {
                // what is behind it is discarded (RFC 9112, section 6.3)
                finish(null);
            }
        }

        private void append(ByteBuf octets) {
            int room = MAX_BODY_OCTETS - body.length();
            boolean isCut = octets.readableBytes() > room;
            byte[] taken = new byte[Math.min(room, octets.readableBytes())];
            octets.readBytes(taken);
            body.appendBytes(taken);
            if (isCut) {
                stop("cut");
            }
        }

        private void malformed(Throwable failure) {
            if (failure instanceof TooLongFrameException && head == null) {
                fail("the response's head is over " + ResponseDecoder.MAX_HEAD_OCTETS + " octets");
            } else if (!(failure instanceof PrematureChannelClosureException)) {
                // the close itself reports the other
                stop("no HTTP (" + NetworkErrors.said(failure) + ")");
            }
        }

        private void finish(@Nullable String broken) {
            HttpResponse response = Objects.requireNonNull(head);
            succeed(new Answer(
                    response.protocolVersion().text(),
                    response.status().code(),
                    response.status().reasonPhrase(),
                    response.headers(),
                    body,
                    broken));
        }
    }
}

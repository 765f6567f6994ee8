package dev.greeter.cli;

import dev.greeter.client.Url;
import dev.greeter.probe.Trust;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes GET requests, each on a connection of its own. A future fails with a {@link ClientException} only, and within the
 * timeout, which counts from the call and includes the connect and the whole answer.
 */
final class HttpFetch {
    private static final int MAX_BODY_MIB = 16;
    private static final int FIRST_ERROR_STATUS = 400;
    private static final int MAX_BODY_OCTETS = MAX_BODY_MIB << 20;

    /**
     * A response, as it came.
     *
     * @param broken why the body is not all of it; null if it is
     */
    record Answer(
            String version,
            int status,
            String phrase,
            MultiMap headers,
            Buffer body,
            @Nullable String broken) {
        String statusLine() {
            return (version + " " + status + " " + phrase).strip();
        }

        boolean isError() {
            return status >= FIRST_ERROR_STATUS;
        }

        /**
         * The body, as one of our servers would answer there.
         *
         * @param what it should tell
         * @throws ClientException if it is broken or no JSON object
         */
        JsonObject json(Url url, String what) throws ClientException {
            if (broken != null) {
                throw new ClientException(url.toString(), broken);
            }
            try {
                return body.toJsonObject();
            } catch (DecodeException | ClassCastException e) {
                throw no(url, what);
            }
        }

        /** It answered, but not what was asked. */
        ClientException no(Url url, String what) {
            return new ClientException(url.toString(), "answered " + Why.visible(statusLine()) + ", and no " + what);
        }
    }

    private final Vertx vertx;
    private final HttpClient client;
    private final Trust trust;
    private @Nullable ClientSSLOptions tls;

    /** Trusts whom the JDK does. */
    HttpFetch(Vertx vertx) {
        this(vertx, Trust.OF_THE_JDK);
    }

    HttpFetch(Vertx vertx, Trust trust) {
        this.vertx = vertx;
        this.trust = trust;
        this.client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    }

    /** A body of over 16 MiB is cut there, and its answer says so. Redirects are not followed. */
    Future<Answer> get(Url url, Duration timeout) {
        return new Fetch(url, timeout, url.isTls() ? tls(timeout) : null).start();
    }

    private ClientSSLOptions tls(Duration timeout) {
        if (tls == null) {
            tls = trust.options();
        }
        return tls.copy()
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setSslHandshakeTimeout(timeout.toMillis() + 1_000);
    }

    private final class Fetch extends Attempt<Answer> {
        private final Url url;
        private final @Nullable ClientSSLOptions tls;
        private final Buffer body = Buffer.buffer();
        private @Nullable HttpClientResponse head;

        Fetch(Url url, Duration timeout, @Nullable ClientSSLOptions tls) {
            super(HttpFetch.this.vertx, url.toString(), timeout);
            this.url = url;
            this.tls = tls;
        }

        @Override
        void connect(int millis) {
            client.request(new RequestOptions()
                            .setSsl(url.isTls())
                            .setSslOptions(tls)
                            .setServer(Target.address(url.server()))
                            .setHost(url.server().host())
                            .setPort(url.server().port())
                            .setURI(url.target())
                            .putHeader(HttpHeaders.HOST, url.authority())
                            .setConnectTimeout(millis)
                            .putHeader(HttpHeaders.ACCEPT, "*/*")
                            .putHeader(HttpHeaders.USER_AGENT, "greeter/" + Version.number()))
                    .onComplete(this::send, cause -> stop(Why.notConnected(cause)));
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

        private void send(HttpClientRequest request) {
            HttpConnection connection = request.connection();
            // told by the request too, but without this it is logged besides
            connection.exceptionHandler(this::broken);
            if (opened(connection::close)) {
                request.send().onComplete(this::read, this::broken);
            }
        }

        private void read(HttpClientResponse response) {
            head = response;
            response.exceptionHandler(this::broken);
            response.handler(this::append);
            response.endHandler(end -> finish(null));
        }

        private void append(Buffer chunk) {
            int room = MAX_BODY_OCTETS - body.length();
            body.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
            if (chunk.length() > room) {
                stop("cut");
            }
        }

        private void broken(Throwable cause) {
            boolean isHttp = cause instanceof IOException || cause instanceof VertxException;
            stop(isHttp ? Why.broken(cause) : "no HTTP (" + Why.said(cause) + ")");
        }

        private void finish(@Nullable String broken) {
            HttpClientResponse response = Objects.requireNonNull(head);
            succeed(new Answer(
                    response.version().alpnName().toUpperCase(Locale.ROOT),
                    response.statusCode(),
                    response.statusMessage(),
                    response.headers(),
                    body,
                    broken));
        }
    }
}

package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.ACCEPT;
import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;
import static io.vertx.core.http.HttpHeaders.VARY;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * An error as the client is told it: problem details (RFC 9457), or a small page where the client prefers HTML.
 *
 * @param detail a sentence for whoever sent the request
 * @param last whether the connection ends with it
 */
public record Problem(int status, String detail, boolean last) {
    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");
    private static final CharSequence NO_CONTENT_BUT_TEXT =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    private static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1");

    static final Problem NOT_FOUND = new Problem(404, "There is nothing here.");
    static final Problem TIMEOUT = new Problem(408, "The request was not whole in time.", true);
    static final Problem INTERNAL = new Problem(500, "This is our fault; the log says more.");

    public Problem(int status, String detail) {
        this(status, detail, false);
    }

    public Response toAnswer(HttpServerRequest request) {
        boolean html = prefersHtml(request.headers().getAll(ACCEPT));
        MultiMap headers = HttpHeaders.headers()
                .add(CONTENT_TYPE, html ? HTML : PROBLEM_JSON)
                .add(CACHE_CONTROL, Response.NO_STORE)
                .add(Response.NOSNIFF_NAME, Response.NOSNIFF)
                .add(VARY, ACCEPT);
        if (html) {
            headers.add(Response.CSP_NAME, NO_CONTENT_BUT_TEXT);
        }
        if (status == HttpResponseStatus.SERVICE_UNAVAILABLE.code()) {
            headers.add(RETRY_AFTER, ONE_SECOND);
        }
        return new Response(status, headers, html ? html() : json(request.uri()), last);
    }

    private Buffer json(String instance) {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title())
                .put("status", status)
                .put("detail", detail)
                .put("instance", instance)
                .toBuffer();
    }

    private Buffer html() {
        String heading = status + " " + escape(title());
        return Buffer.buffer("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + heading
                + "</title>\n</head>\n<body>\n<main>\n<h1>" + heading + "</h1>\n<p>" + escape(detail)
                + "</p>\n</main>\n</body>\n</html>\n");
    }

    private String title() {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    private static boolean prefersHtml(List<String> accept) {
        if (accept.isEmpty()) {
            return false;
        }
        QualityValues weights = QualityValues.of(accept);
        int html = weights.firstOf("text/html", "text/*", "*/*");
        return html > weights.firstOf("application/problem+json", "application/json", "application/*", "*/*");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}

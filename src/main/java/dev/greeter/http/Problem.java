package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.ACCEPT;
import static io.vertx.core.http.HttpHeaders.VARY;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An error, in the form that its client prefers: problem details (RFC 9457), or a small HTML page.
 *
 * @param detail a sentence for the person who sent the request
 * @param last whether the connection ends with the response
 */
public record Problem(int status, String detail, boolean last) {
    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    private static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1");

    private static final char LAST_PRINTABLE = '~';

    /** A format with a heading and a paragraph. */
    private static final String PAGE = new String(Response.file(Problem.class, "problem.html"), UTF_8);

    static final Problem NOT_FOUND = new Problem(404, "There is nothing here.");
    static final Problem TIMEOUT = new Problem(408, "The request was not whole in time.", true);
    static final Problem INTERNAL = new Problem(500, "This is our fault; the log says more.");

    /** Ends the receiving of a request that is refused with a problem. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        RefusedException(Problem problem) {
            // without a stack trace, because the fault is the client's
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    /** Creates a problem that does not end its connection. */
    public Problem(int status, String detail) {
        this(status, detail, false);
    }

    /** Returns the response to a request, with mutable headers. */
    public Response toResponse(HttpServerRequest request) {
        boolean html = prefersHtml(request.headers().getAll(ACCEPT));
        MultiMap headers =
                Response.uncached(html ? Response.HTML : PROBLEM_JSON).add(VARY, ACCEPT);
        if (status == HttpResponseStatus.SERVICE_UNAVAILABLE.code()
                || status == HttpResponseStatus.TOO_MANY_REQUESTS.code()) {
            headers.add(RETRY_AFTER, ONE_SECOND);
        }
        return new Response(status, headers, html ? html() : json(request.uri()), last);
    }

    private Buffer json(String instance) {
        String json = new JsonObject()
                .put("type", "about:blank")
                .put("title", title())
                .put("status", status)
                .put("detail", detail)
                .put("instance", instance)
                .encode();
        return Buffer.buffer(ascii(json));
    }

    /** The response repeats what the client sent, some of which would control a terminal that shows it. */
    private static String ascii(String json) {
        return json.chars().allMatch(c -> c <= LAST_PRINTABLE)
                ? json
                : json.chars()
                        .mapToObj(c -> c <= LAST_PRINTABLE ? Character.toString(c) : String.format("\\u%04x", c))
                        .collect(Collectors.joining());
    }

    private Buffer html() {
        return Buffer.buffer(PAGE.formatted(status + " " + escape(title()), escape(detail)));
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
                .replace("'", "&#39;")
                .replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "\uFFFD");
    }
}

package dev.greeter.http.management;

import static io.vertx.core.http.HttpHeaders.AUTHORIZATION;
import static io.vertx.core.http.HttpHeaders.ORIGIN;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.greeter.http.Problem;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import dev.greeter.net.tls.CertificateNames;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Protects a resource: its clients need a certificate with one of some names, or a token (RFC 6750), which no client may try
 * out. With an empty token only certificates give authority, and without names only the token does.
 */
final class ProtectedResource implements Resource {
    private static final String SCHEME = "Bearer ";
    private static final String FETCH_SITE = "sec-fetch-site";
    private static final Problem MISSING =
            new Problem(401, "This needs the header authorization: Bearer and the token.");
    private static final Problem MISSING_BOTH = new Problem(
            401,
            "This needs the header authorization: Bearer and the token, or a client's certificate with one of the names in"
                    + " faults.names.");
    private static final Problem WRONG = new Problem(401, "The token is not the right one.");
    private static final Problem OTHER_NAME =
            new Problem(403, "This needs a client's certificate with one of the names in faults.names.");
    private static final Problem FROM_A_PAGE = new Problem(403, "Pages in a browser may change nothing here.");
    private static final Problem TOO_MANY =
            new Problem(429, "Too many wrong tokens came from this address. One more is accepted each second.");

    private final byte[] token;
    private final CertificateNames names;
    private final TokenAttempts attempts;
    private final Resource resource;

    /**
     * @param token empty for none
     * @param names of the clients whose certificates are enough; empty for none
     */
    ProtectedResource(String token, List<String> names, TokenAttempts attempts, Resource resource) {
        this.token = token.getBytes(UTF_8);
        this.names = new CertificateNames(names);
        this.attempts = attempts;
        this.resource = resource;
    }

    @Override
    public List<HttpMethod> changes() {
        return resource.changes();
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        Problem problem = problem(request);
        return problem == null ? resource.get(request) : refuse(request, problem);
    }

    @Override
    public Future<Response> change(HttpServerRequest request, Buffer body) {
        Problem problem = isOfPage(request) ? FROM_A_PAGE : problem(request);
        return problem == null ? resource.change(request, body) : refuse(request, problem);
    }

    /**
     * Whether a page asks, of whatever site: a browser adds the certificate of its user to the request of any page, and sends a
     * change without asking first, as long as its type is one of a form (Fetch, section 3.3.6). Only browsers send these headers.
     */
    private static boolean isOfPage(HttpServerRequest request) {
        String site = request.headers().get(FETCH_SITE);
        return request.headers().contains(ORIGIN) || (site != null && !site.equals("none"));
    }

    private @Nullable Problem problem(HttpServerRequest request) {
        if (hasName(request.connection().sslSession())) {
            return null;
        }
        if (token.length == 0) {
            return OTHER_NAME;
        }
        String given = request.headers().get(AUTHORIZATION);
        if (given == null || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return names.isEmpty() ? MISSING : MISSING_BOTH;
        }
        SocketAddress peer = request.connection().remoteAddress();
        if (!attempts.mayTry(peer)) {
            return TOO_MANY;
        }
        byte[] guess = given.substring(SCHEME.length()).strip().getBytes(UTF_8);
        // takes the same time however many octets are right
        if (MessageDigest.isEqual(guess, token)) {
            return null;
        }
        attempts.wrong(peer);
        return WRONG;
    }

    /** The handshake has checked who signed the certificate, but a connection may outlast it. */
    private boolean hasName(@Nullable SSLSession session) {
        if (session == null || names.isEmpty()) {
            return false;
        }
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
                certificate.checkValidity();
                return names.include(certificate);
            }
            return false;
        } catch (SSLPeerUnverifiedException | CertificateException noAuthority) {
            return false;
        }
    }

    private static Future<Response> refuse(HttpServerRequest request, Problem problem) {
        Response response = problem.toResponse(request);
        if (problem.status() == MISSING.status()) {
            String error = problem.equals(WRONG) ? ", error=\"invalid_token\"" : "";
            response.headers().add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"greeter\"" + error);
        }
        return Future.succeededFuture(response);
    }
}

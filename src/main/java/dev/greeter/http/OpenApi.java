package dev.greeter.http;

import io.vertx.core.http.HttpHeaders;

/** {@code /openapi.yaml}: what every endpoint of both ports is asked, and answers. */
final class OpenApi {
    private static final CharSequence YAML = HttpHeaders.createOptimized("application/yaml");

    static final FileResource FILE =
            new FileResource("openapi.yaml", YAML, HttpHeaders.headers().add(Response.NOSNIFF_NAME, Response.NOSNIFF));

    private OpenApi() {}
}

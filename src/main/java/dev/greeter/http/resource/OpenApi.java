package dev.greeter.http.resource;

import dev.greeter.http.Response;
import io.vertx.core.http.HttpHeaders;

/** {@code /openapi.yaml}: what every endpoint of both ports is asked, and answers. */
public final class OpenApi {
    private static final CharSequence YAML = HttpHeaders.createOptimized("application/yaml");

    public static final FileResource FILE =
            new FileResource("openapi.yaml", YAML, HttpHeaders.headers().add(Response.NOSNIFF_NAME, Response.NOSNIFF));

    private OpenApi() {}
}

package dev.greeter.http.resource;

import dev.greeter.http.Response;
import io.vertx.core.http.HttpHeaders;

/** The page. */
public final class Page {
    /** The hash is of the page's style element; the icon is an empty data URL, so that no browser asks for one. */
    private static final CharSequence POLICY = HttpHeaders.createOptimized(
            "default-src 'none'; img-src data:; "
                    + "style-src 'sha256-V5o9yvOGafiRHvxFZJ9POQt1lMOqFgxuf60osMN8Uqk='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    public static final FileResource FILE = new FileResource(
            "page.html",
            FileResource.HTML,
            HttpHeaders.headers().add(Response.CSP_NAME, POLICY).add(Response.NOSNIFF_NAME, Response.NOSNIFF));

    private Page() {}
}

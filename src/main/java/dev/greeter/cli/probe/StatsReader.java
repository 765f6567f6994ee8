package dev.greeter.cli.probe;

import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.Stats;
import dev.greeter.client.ClientException;
import dev.greeter.client.HttpFetch;
import dev.greeter.client.Url;
import dev.greeter.client.connect.ClientTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Reads the stats of a service's whole cluster. */
final class StatsReader {
    private final HttpFetch fetch;
    private final Url url;
    private final Duration timeout;

    /** @param url of the service; without a path it is {@code /stats} */
    StatsReader(Vertx vertx, Url url, ClientTls tls, Duration timeout) {
        this.fetch = new HttpFetch(vertx, tls);
        this.url = url.orPath("/stats").with("scope", Stats.Scope.CLUSTER.label());
        this.timeout = timeout;
    }

    Future<Stats> read() {
        return fetch.get(url, timeout).compose(answer -> {
            try {
                if (answer.isError()) {
                    throw answer.without(url, "stats");
                }
                return Future.succeededFuture(Stats.fromJson(answer.json(url, "stats")));
            } catch (ClientException | BadMessageException e) {
                return Future.failedFuture(e);
            }
        });
    }
}

package dev.greeter.ledger;

import dev.greeter.bus.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.SharedData;

/**
 * The maps that the nodes of a cluster share.
 *
 * @param tallies for each run its last {@link dev.greeter.bus.NodeTally}, which only it writes
 * @param latencies for each run its histograms, which only it writes
 * @param retired the {@link dev.greeter.bus.RetiredTallies}, as one entry
 * @param merged what the node that merges writes: its {@link Beat}, and copies of {@link MergedTallies} and {@link Roster}
 */
record SharedMaps(
        AsyncMap<String, String> tallies,
        AsyncMap<String, String> latencies,
        AsyncMap<String, String> retired,
        AsyncMap<String, byte[]> merged) {

    static final String BEAT = "beat";

    static Future<SharedMaps> open(Vertx vertx) {
        SharedData data = vertx.sharedData();
        Future<AsyncMap<String, String>> tallies = data.getAsyncMap(Addresses.TALLIES);
        Future<AsyncMap<String, String>> latencies = data.getAsyncMap(Addresses.LATENCIES);
        Future<AsyncMap<String, String>> retired = data.getAsyncMap(Addresses.RETIRED_TALLIES);
        Future<AsyncMap<String, byte[]>> merged = data.getAsyncMap(Addresses.MERGED);
        return Future.all(tallies, latencies, retired, merged)
                .map(all -> new SharedMaps(tallies.result(), latencies.result(), retired.result(), merged.result()));
    }

    static String content(int copy) {
        return "content/" + copy;
    }

    static String roster(int copy) {
        return "roster/" + copy;
    }
}

#!/bin/sh
# Makes the AOT cache: the service serves, its own clients speak to it, and the end of that process writes the cache.
set -eu

# The cache is for a jar of just this path and time.
jar=/opt/greeter/greeter.jar
cache=/opt/greeter/greeter.aot

greeter() {
    /opt/jre/bin/java @/opt/greeter/java.options -jar "$jar" "$@"
}

# Many classes are told to be left out, as picocli's are too old for a cache.
/opt/jre/bin/java @/opt/greeter/java.options -XX:AOTCacheOutput="$cache" -Xlog:aot=error \
    -jar "$jar" serve --cluster --set cluster.host=127.0.0.1 --set cluster.members=127.0.0.1:5701 \
    --set exchangeLog.maxPerSecond=5 &
service=$!
tries=0
until greeter health; do
    tries=$((tries + 1))
    if [ "$tries" -gt 60 ] || ! kill -0 "$service" 2>/dev/null; then
        kill -KILL "$service" 2>/dev/null || true
        exit 1
    fi
    sleep 1
done
greeter hello
greeter get
greeter stats
greeter stats --over event-bus
greeter get http://localhost:9090/metrics >/dev/null
greeter probe --rate 50 --duration 4s --max-lost 0 --verify http://localhost:8080 localhost:1234 http://localhost:8080/
kill -TERM "$service"
wait "$service"

# on: a cache that cannot be used is an error here, where it would only be slow later
/opt/jre/bin/java @/opt/greeter/java.options -XX:AOTCache="$cache" -XX:AOTMode=on -jar "$jar" --version

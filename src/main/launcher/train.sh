#!/bin/sh
# train.sh FOLDER: makes FOLDER/greeter.jsa, a class data archive for FOLDER/greeter.jar and the JVM that JAVA_HOME names,
# of all classes that the service and its commands load when they speak with each other once.
set -eu
home=$(readlink -f "$1")
jar=$home/greeter.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
lists=$(mktemp -d)
service=

finish() {
    [ -z "$service" ] || kill "$service" 2>/dev/null || true
    rm -rf "$lists"
}
trap finish EXIT

greeter() {
    "$java" -XX:DumpLoadedClassList="$lists/$1.list" -Xlog:cds=off -jar "$jar" "$@" >"$lists/$1.out" 2>&1
}

# the port behind a name in the service's log
port() {
    sed -n "s/.*\"listening\".*\"server\":\"$1\".*\"port\":\([0-9]*\).*/\1/p" "$lists/serve.out"
}

# in the background without a shell around it, which would get the signal instead
"$java" -XX:DumpLoadedClassList="$lists/serve.list" -Xlog:cds=off -jar "$jar" serve --set log.format=json \
    --set greeting.host=127.0.0.1 --set greeting.port=0 --set http.host=127.0.0.1 --set http.port=0 \
    --set management.host=127.0.0.1 --set management.port=0 >"$lists/serve.out" 2>&1 &
service=$!
tries=0
until grep -q '"ready"' "$lists/serve.out" 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$service" 2>/dev/null; then
        cat "$lists/serve.out" >&2
        exit 1
    fi
    sleep 0.1
done
greeter hello "127.0.0.1:$(port greeting)"
greeter get "http://127.0.0.1:$(port http)/"
greeter stats "http://127.0.0.1:$(port http)"
greeter health "http://127.0.0.1:$(port management)"
greeter probe --rate 50 --count 50 "127.0.0.1:$(port greeting)" "http://127.0.0.1:$(port http)/"
kill "$service"
wait "$service" || true
service=

cat "$lists"/*.list | grep -v '^#' | sort -u >"$lists/all"
"$java" -Xshare:dump -Xlog:cds=off,class+load=off -XX:SharedClassListFile="$lists/all" \
    -XX:SharedArchiveFile="$home/greeter.jsa" -cp "$jar" >"$lists/dump.out" 2>&1 || {
    cat "$lists/dump.out" >&2
    exit 1
}

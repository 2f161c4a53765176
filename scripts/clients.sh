#!/bin/sh
# Prepare LiveKit's official Node and Go clients for the tests, in Greenroom's own cache outside the working tree.
# A language that is not on this machine is left out; its tests then say so.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/greenroom/clients"

# The sources are copied last: a cache that holds the same sources is complete.
is_prepared() { # language
    for file in "$here/tests/clients/$1"/*; do
        cmp -s "$file" "$cache/$1/$(basename "$file")" || return 1
    done
}

prepare_node() {
    mkdir -p "$cache/node"
    cp "$here/tests/clients/node/package.json" "$here/tests/clients/node/package-lock.json" "$cache/node/"
    (cd "$cache/node" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$here/tests/clients/node/calls.mjs" "$cache/node/"
}

prepare_go() {
    mkdir -p "$cache/go"
    echo "building the Go client: this takes a minute or two ..."
    (cd "$here/tests/clients/go" && go build -buildvcs=false -o "$cache/go/calls" .)
    cp "$here/tests/clients/go"/* "$cache/go/"
}

for language in node go; do
    if is_prepared "$language"; then
        echo "the $language client is here: $cache/$language"
    elif ! command -v "$language" >/dev/null 2>&1; then
        echo "no '$language' on PATH: its client is left out" >&2
    else
        "prepare_$language"
        echo "the $language client is here: $cache/$language"
    fi
done

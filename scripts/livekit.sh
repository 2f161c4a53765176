#!/bin/sh
# Install the pinned livekit-server into Greenroom's own cache, outside the working tree, and prepare LiveKit's
# official clients there. Needs Go 1.26 (or an older Go that may fetch that toolchain).
set -eu

version=1.13.5
cache="${XDG_CACHE_HOME:-$HOME/.cache}/greenroom"
binary="$cache/livekit-server-$version"

install_server() {
    if ! command -v go >/dev/null 2>&1; then
        echo "livekit-server is built with Go, and there is no 'go' on PATH." >&2
        echo "Get Go 1.26 from https://go.dev/dl/, or set LIVEKIT_SERVER to a livekit-server $version that you have." >&2
        exit 1
    fi
    # From 1.21 on, a Go fetches the newer one that a module asks for.
    case $(go env GOVERSION) in
    "" | go1.[0-9] | go1.[0-9].* | go1.1[0-9] | go1.1[0-9].* | go1.20 | go1.20.*)
        echo "livekit-server $version needs Go 1.26, and $(go version) is too old to fetch it." >&2
        echo "Get Go 1.26 from https://go.dev/dl/, or set LIVEKIT_SERVER to a livekit-server $version that you have." >&2
        exit 1
        ;;
    esac
    mkdir -p "$cache"
    building=$(mktemp -d "$cache/building.XXXXXX")
    trap 'rm -rf "$building"' EXIT
    echo "building livekit-server $version with $(go env GOVERSION): this takes a minute or two ..."
    GOBIN="$building" go install "github.com/livekit/livekit-server/cmd/server@v$version"
    mv "$building/server" "$binary"
}

[ -x "$binary" ] || install_server
echo "livekit-server $version is here: $binary"
sh "$(dirname "$0")/clients.sh" || echo "the official clients could not be prepared: their tests will say so" >&2

#!/bin/sh
# Print the livekit-server that the tests find: LIVEKIT_SERVER, PATH, then the cache of `make livekit`. Fails without one.
set -eu

command -v "${LIVEKIT_SERVER:-livekit-server}" && exit 0
[ -z "${LIVEKIT_SERVER:-}" ] || exit 1
cached="${XDG_CACHE_HOME:-$HOME/.cache}/greenroom/livekit-server-1.13.5"
[ -x "$cached" ] && echo "$cached"

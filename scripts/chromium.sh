#!/bin/sh
# Print the path of a Chromium; on Debian as root install one when there is none.
set -eu

find_one() {
    for each in ${CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable chrome; do
        if command -v "$each" 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

find_one && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests ..." >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 || true
    find_one && exit 0
fi
echo "The browser tests need Chromium: apt install chromium (as root), or CHROMIUM=/path/to/chromium make test" >&2
exit 1

#!/bin/sh
# The measurements that README quotes.
set -eu

CHROMIUM=$(sh scripts/chromium.sh)
export CHROMIUM
exec .venv/bin/python -m bench.live "$@"

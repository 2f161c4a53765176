#!/bin/sh
# Start the console: on the server of LIVEKIT_URL, or the demo with its simulator.
set -eu

if [ -z "${LIVEKIT_URL:-}" ]; then
    export GREENROOM_DEMO=1
fi
exec .venv/bin/python manage.py up

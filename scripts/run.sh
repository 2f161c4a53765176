#!/bin/sh
# Start the console: on the server of LIVEKIT_URL, or the demo with its simulator.
set -eu

if [ -z "${LIVEKIT_URL:-}" ]; then
    exec .venv/bin/python -m dashboard.demo
fi
exec .venv/bin/python manage.py up

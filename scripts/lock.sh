#!/bin/sh
# Write the four hash locks. The others keep to the versions of run, so that tests run what is served.
set -eu

if ! command -v uv >/dev/null 2>&1; then
    echo "The locks are written by uv, and there is no 'uv' on PATH: https://docs.astral.sh/uv/getting-started/" >&2
    exit 1
fi

compile() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" pyproject.toml "$@"
}
compile --extra postgresql --extra redis -o requirements/run.txt
compile --extra postgresql --extra redis --extra observer -c requirements/run.txt -o requirements/observer.txt
compile --group dev -c requirements/run.txt -o requirements/dev.txt
compile --group dev --group rtc -c requirements/dev.txt -o requirements/rtc.txt

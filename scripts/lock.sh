#!/bin/sh
# Write the four hash locks. The others keep to the versions of run, so that tests run what is served.
set -eu

compile() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" pyproject.toml "$@"
}
compile --extra postgresql --extra redis -o requirements/run.txt
compile --extra postgresql --extra redis --extra observer -c requirements/run.txt -o requirements/observer.txt
compile --group dev -c requirements/run.txt -o requirements/dev.txt
compile --group dev --group rtc -c requirements/dev.txt -o requirements/rtc.txt

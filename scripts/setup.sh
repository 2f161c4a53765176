#!/bin/sh
# Make .venv and install one of requirements/{run,observer,dev,rtc}.txt into it, unless that is done already.
set -eu

lock="$1"
stamp=".venv/installed-$lock.txt"

if [ -x .venv/bin/python ] && cmp -s "requirements/$lock.txt" "$stamp" && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

fits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if ! { [ -x .venv/bin/pip ] && fits .venv/bin/python; }; then
    python=
    for each in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if fits "$each"; then
            python="$each"
            break
        fi
    done
    if [ -z "$python" ]; then
        found="none"
        if command -v python3 >/dev/null 2>&1; then
            found=$(python3 --version 2>&1 | head -n 1)
        fi
        echo "Greenroom needs Python 3.11 or newer, and there is: $found." >&2
        echo "Install one (Debian 12: apt install python3 python3-venv), or name it: make run PYTHON=/path/to/python3" >&2
        exit 1
    fi
    if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "This Python cannot make virtual environments: its venv module is missing." >&2
        echo "On Debian and Ubuntu: apt install python$version-venv (or python3-venv)" >&2
        exit 1
    fi
    echo "Making the virtual environment with $("$python" --version) ..."
    rm -rf .venv
    "$python" -m venv .venv
fi

echo "Installing requirements/$lock.txt; this takes some seconds the first time ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$lock.txt" || {
    echo "The packages could not be installed. The lines above say why; without a network it cannot work." >&2
    exit 1
}
cp "requirements/$lock.txt" "$stamp"
# The other locks contain everything of the run lock.
[ "$lock" = run ] || cp requirements/run.txt .venv/installed-run.txt
[ "$lock" != rtc ] || cp requirements/dev.txt .venv/installed-dev.txt

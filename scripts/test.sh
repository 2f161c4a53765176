#!/bin/sh
# Everything that must hold. Each step runs even if an earlier one failed; the exit status tells whether all passed.
set -u

failed=
summaries=$(mktemp)
said=$(mktemp)
trap 'rm -f "$summaries" "$said"' EXIT

step() {
    name="$1"
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed="$failed $name,"
}

# pytest's output is shown and its last line kept; a pipe alone would lose the exit status.
pytest_step() {
    name="$1"
    shift
    printf '\n== %s\n' "$name"
    { .venv/bin/python -m pytest "$@"; echo $? >"$said.status"; } 2>&1 | tee "$said"
    [ "$(cat "$said.status")" = 0 ] || failed="$failed $name,"
    rm -f "$said.status"
    printf '%s: %s\n' "$name" "$(tail -n 1 "$said")" >>"$summaries"
}

step "style" .venv/bin/ruff check --quiet .
step "format" .venv/bin/ruff format --check --quiet .
step "types" .venv/bin/mypy --no-error-summary
step "import rules" .venv/bin/lint-imports --no-logo
step "settings" .venv/bin/python manage.py check
step "migrations" .venv/bin/python manage.py makemigrations --check --dry-run
pytest_step "unit and contract tests" --ignore=tests/browser
# Playwright's own event loop and pytest-asyncio's cannot share a run.
if CHROMIUM=$(sh scripts/chromium.sh); then
    export CHROMIUM
    pytest_step "browser tests" tests/browser
else
    failed="$failed browser tests,"
fi

printf '\n'
[ -z "$failed" ] || printf 'FAILED:%s\n' "${failed%,}"
cat "$summaries"
[ -z "$failed" ]

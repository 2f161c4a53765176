# Greenroom's commands. Settings are environment variables: see README.
.DEFAULT_GOAL := help
.PHONY: help run observer test fast lint types lock livekit contract bench clean

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## Start the console: the demo, or with LIVEKIT_URL on a real server (PORT=8000, HOST=127.0.0.1)
	@sh scripts/setup.sh run
	@sh scripts/run.sh

observer: ## Add the extra `observer` to what `make run` installed
	@sh scripts/setup.sh observer

test: ## Lint, types, import rules, unit, contract and browser tests
	@sh scripts/setup.sh "$$(sh scripts/server.sh >/dev/null && echo rtc || echo dev)"
	@sh scripts/test.sh

fast: ## Unit tests only
	@sh scripts/setup.sh dev
	@.venv/bin/pytest --ignore=tests/browser --ignore=tests/contract -q

lint: ## Style and import rules
	@sh scripts/setup.sh dev
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports

types: ## Types
	@sh scripts/setup.sh dev
	@.venv/bin/mypy

lock: ## Write requirements/*.txt anew from pyproject.toml (needs uv)
	@sh scripts/lock.sh

livekit: ## Install the pinned livekit-server and LiveKit's clients into the cache (needs Go)
	@sh scripts/livekit.sh

contract: ## Run the contract tests against another server: URL=... KEY=... SECRET=...
	@sh scripts/setup.sh rtc
	@CONTRACT_URL="$(URL)" CONTRACT_KEY="$(KEY)" CONTRACT_SECRET="$(SECRET)" .venv/bin/pytest -q tests/contract

bench: ## Measure what README quotes (PARTS="changes sockets calls pages")
	@sh scripts/setup.sh dev
	@sh scripts/bench.sh $(PARTS)

clean: ## Remove what these commands made, except the databases in var/
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

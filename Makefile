# Everything a developer or a build machine calls. `make` alone lists the targets.

PYTHON ?= python3
VENV ?= .venv
RESULTS ?= drill-results
BENCH_VENV ?= .venv-bench

BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH_STAMP := $(BENCH_VENV)/.installed
UV_INSTALL := $(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python
UV_COMPILE := $(BIN)/uv pip compile --quiet --no-config --system-certs --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# Tests start dozens of processes: without bytecode each of them would compile all of our modules anew.
unexport PYTHONDONTWRITEBYTECODE

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: env
env: $(STAMP) ## make .venv from the pinned requirements (PYTHON=python3.12 picks the interpreter)

$(STAMP): requirements/uv.txt requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: live-drills needs Python 3.11 or newer." \
		"Name one: make env PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version 2>&1) is too old:" \
		"live-drills needs Python 3.11 or newer. Name one: make env PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(UV_INSTALL) --compile-bytecode --require-hashes -r requirements/dev.txt
	$(UV_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: drill
drill: env ## run every shipped scenario and write drill-results/
	$(BIN)/drills run scenarios/ --results $(RESULTS)

.PHONY: test
test: env ## everything that pytest runs: unit, contract and harness tests, docs examples, scenarios
	$(BIN)/pytest --numprocesses auto --dist worksteal --inline-snapshot disable

.PHONY: soak
soak: env ## tests that take the better part of a minute each
	$(BIN)/pytest -m soak --numprocesses auto --dist worksteal --inline-snapshot disable

.PHONY: check
check: test soak static detection determinism ## all that a merge needs

.PHONY: static
static: lint types contracts ## what can be judged without running the code

.PHONY: lint
lint: env ## style and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: types
types: env ## static types
	$(BIN)/mypy

.PHONY: contracts
contracts: env ## who may import whom
	$(BIN)/lint-imports

.PHONY: docs
docs: env ## run every example in README, CONTRIBUTING and docs/
	$(BIN)/pytest tests/docs

.PHONY: reference
reference: env ## write the reference pages that are made from the code
	$(BIN)/python -m drills.reference > docs/reference/controls.md
	$(BIN)/drills schema > docs/reference/scenario.schema.json

.PHONY: determinism
determinism: env ## all drills twice under different hash seeds, compared byte for byte
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	for seed in 1 4242; do PYTHONHASHSEED=$$seed $(BIN)/drills run scenarios/ --results "$$scratch/$$seed"; done; \
	diff -r "$$scratch/1" "$$scratch/4242" && echo "the same, byte for byte"

.PHONY: detection
detection: env ## how many faults the candle guards find in real series, compared with the table that is kept
	$(BIN)/python -m benchmarks.detection --check benchmarks/detection/table.md

.PHONY: bench
bench: env $(BENCH_STAMP) ## how fast drills run and start, and how fast candles are judged beside pandera and Polars
	$(BIN)/pytest benchmarks -q --benchmark-only --ignore=benchmarks/test_candles.py \
		--benchmark-columns=min,median,max,rounds
	PYTHONPATH=src $(BENCH_VENV)/bin/python -m pytest benchmarks/test_candles.py -q -W default \
		--benchmark-columns=min,median,max,rounds

.PHONY: bench-peers
bench-peers: $(BENCH_STAMP) ## our check of one order beside those of other libraries, in an environment of its own
	PYTHONPATH=src $(BENCH_VENV)/bin/python -m pytest benchmarks/test_limits_peers.py -q \
		--benchmark-columns=median,rounds

$(BENCH_STAMP): requirements/bench.txt | $(STAMP)
	$(BIN)/python -m venv --clear $(BENCH_VENV)
	$(BIN)/uv pip install --quiet --system-certs --python $(BENCH_VENV)/bin/python --compile-bytecode --require-hashes \
		-r requirements/bench.txt
	@touch $@

.PHONY: lock
lock: env ## compile requirements/*.txt anew from pyproject.toml (add UPGRADE=--upgrade for newer releases)
	$(UV_COMPILE) $(UPGRADE) --all-extras --group dev --output-file requirements/dev.txt pyproject.toml
	$(UV_COMPILE) $(UPGRADE) --constraint requirements/dev.txt --output-file requirements/run.txt pyproject.toml
	$(UV_COMPILE) $(UPGRADE) --constraint requirements/dev.txt --group installer --output-file requirements/uv.txt
	$(UV_COMPILE) $(UPGRADE) --extra compiled --group bench --output-file requirements/bench.txt pyproject.toml

.PHONY: clean
clean: ## remove the environments, caches and results
	rm -rf $(VENV) $(BENCH_VENV) $(RESULTS) build dist .benchmarks .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Everything a newcomer needs: `make quick`, `make study`, `make test`, `make ui`. `make help` lists
# the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV := UV_SYSTEM_CERTS=1 VIRTUAL_ENV=.venv $(BIN)/uv
# DVC, MLflow and the tests start programs of the environment by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help env
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

env: .venv/.ready ## create .venv from the pinned versions in uv.lock

.venv/.ready: uv.lock pyproject.toml .ci/uv.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv.txt
	$(UV) sync --locked --quiet --inexact
	@touch $@

# DVC needs to know that an unpacked archive has no Git history.
.PHONY: scm
scm: env
	@git rev-parse --git-dir >/dev/null 2>&1 || $(BIN)/dvc config --local core.no_scm true

.PHONY: quick study test test-slow fault test-browser bench bench-scale lint docs audit wheel ui clean
quick: env ## set up, then a first answer in a minute: three components on digits
	@echo "A first look: digits alone, 8 combinations, half the training of the main study, no step costs."
	$(BIN)/knockout run --study quick

study: scm ## set up, then the full study: dvc repro
	$(BIN)/dvc repro
	@echo "The verdicts once more: $(BIN)/knockout show"

test: env ## set up, then the tests
	$(BIN)/python -m pytest -n auto --dist worksteal

test-slow: env ## simulations and real servers: minutes
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow

fault: env ## kill processes, cut networks
	$(BIN)/python -m pytest -m fault

test-browser: env ## open report and MLflow in headless Chromium; skips without one
	$(BIN)/python -m pytest -m browser tests/browser

bench: env ## time a training step against its peers; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.step

bench-scale: env ## time plan, store, tables and tracking at up to 10,000 made-up runs
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.scale --tracked 10000

lint: env ## what pre-commit and CI check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: env ## build the documentation into site/; a warning is an error
	$(UV) sync --locked --quiet --inexact --group docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

audit: env ## check the pinned dependencies against the OSV database; needs the network
	$(UV) audit --locked --preview-features audit-command

wheel: env ## build dist/*.whl
	$(BIN)/hatchling build -t wheel

ui: env ## sync the study with MLflow and open its UI on 127.0.0.1:5000
	$(BIN)/knockout ui

clean: ## forget the environment; stored runs and data stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache site

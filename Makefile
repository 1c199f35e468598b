# Everything a newcomer needs: `make study`, `make test`, `make ui`. `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
# DVC, MLflow and the tests start programs of the environment by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help env
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

env: .venv/.ready ## create .venv from the pinned versions in uv.lock

.venv/.ready: uv.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	UV_SYSTEM_CERTS=1 VIRTUAL_ENV=.venv $(BIN)/uv sync --locked --quiet --inexact
	@touch $@

.PHONY: study test test-slow test-fault test-browser bench bench-scale lint ui clean
study: env ## set up, then the full study: dvc repro
	$(BIN)/dvc repro

test: env ## set up, then the tests
	$(BIN)/python -m pytest -n auto

test-slow: env ## simulations and real servers: minutes
	$(BIN)/python -m pytest -n auto -m slow

test-fault: env ## kill processes, cut networks
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

ui: env ## mirror the study into MLflow and open its UI on 127.0.0.1:5000
	$(BIN)/knockout ui

clean: ## forget the environment; stored runs and data stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache

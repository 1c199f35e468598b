# Everything a newcomer needs: `make study`, `make test`, `make ui`. `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin

.PHONY: help env
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

env: .venv/.ready ## create .venv from the pinned versions in uv.lock

.venv/.ready: uv.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	UV_SYSTEM_CERTS=1 VIRTUAL_ENV=.venv $(BIN)/uv sync --locked --quiet --inexact
	@touch $@

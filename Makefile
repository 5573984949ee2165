# Shorthands for people who work on Toegang; `./toegang` is all that others need.
.DEFAULT_GOAL := help
BIN := .venv/bin
export PYTHONPATH := src:.

help: ## show this page
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

prepare: ## make the environment for work
	@./toegang prepare --tests

check: prepare ## style, types, contracts between rooms
	@./toegang test --only house

test: ## everything that continuous integration runs
	@./toegang test

format: prepare ## lay out the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet . || true

reference: prepare ## write the reference pages from the code
	@$(BIN)/python -m scripts.reference

docs: reference ## build the documentation into docs/_build
	@$(BIN)/sphinx-build -q -W --keep-going docs docs/_build
	@echo "open docs/_build/index.html"

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

lock: prepare ## lock the newest versions of what is needed, with hashes and without hosts
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --group demo -c requirements.lock -o requirements-demo.lock
	@$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	@for name in tests/venvs/*.in demo/venvs/*.in; do $(COMPILE) "$$name" -o "$${name%.in}.lock"; done

.PHONY: help prepare check test format reference docs lock

# Two commands are enough: `make run` and `make test`. Everything else serves them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

.PHONY: help run test demo-reset setup setup-dev frontend translations check browser clean

help:
	@echo "make run         start Alur with demonstration data (PORT=8000)"
	@echo "make test        every check and test"
	@echo "make demo-reset  put the demonstration back as it was"

run: setup
	@exec $(BIN)/python -m serve

demo-reset: setup
	@$(BIN)/flask demo reset --yes

test: setup-dev browser
	@$(MAKE) --no-print-directory check
	@# Tests start the program some fifty times: what one process compiled, the next need not.
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist worksteal

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(VENV)/.runtime frontend translations
setup-dev: $(VENV)/.dev frontend translations

$(VENV)/.python:
	@sh scripts/make_venv.sh "$(PYTHON)" "$(VENV)"
	@touch $@

$(VENV)/.runtime: requirements.txt | $(VENV)/.python
	@echo "Installing packages …" >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

frontend: web/static/vendor/.installed
web/static/vendor/.installed: package-lock.json package.json scripts/install_frontend.sh | $(VENV)/.runtime
	@sh scripts/install_frontend.sh "$(VENV)"
	@touch $@

CATALOGUES := $(wildcard */translations/*/LC_MESSAGES/*.po)
translations: $(CATALOGUES:.po=.mo)
%.mo: %.po | $(VENV)/.runtime
	@$(BIN)/pybabel -q compile -f -i $< -o $@

browser:
	@sh scripts/install_chromium.sh

clean:
	rm -rf $(VENV) node_modules var web/static/vendor

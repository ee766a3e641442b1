# The two commands of the README are `make run` and `make test`; `make help` lists the rest.
# Needs python3 (3.11 to 3.13) with python3-venv, and make. Nothing here needs root.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
HOST ?= 127.0.0.1
PY := $(VENV)/bin/python
JOBS ?= 2
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
export CHROMIUM
unexport PYTHONDONTWRITEBYTECODE  # compiled once: a start that compiles every file takes twice as long

CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
SOURCES := $(wildcard app.py core accounts hr training inspections reports templates)
PYTEST := $(PY) -m pytest

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-fast test-browser pictures test-postgres coverage check check-lint check-format \
        check-types check-templates check-words check-documents fix migrate docs bench translations lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- set-up -------------------------------------------------------------------------------------
# One stamp for what the program needs and one for what the tests need on top, so that the first
# `make run` installs nothing it does not use, and a second one starts no pip. Errors are shown; warnings of
# pip about a dependency without a wheel are not ours to act on, hence -qq.
$(VENV)/.runtime: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "python3-venv is missing. On Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) …"
	@test -x $(VENV)/bin/pip || $(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing the tools for tests and checks …"
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

%.mo: %.po | $(VENV)/.runtime
	@$(PY) -m babel.messages.frontend --quiet compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

setup: $(VENV)/.runtime $(COMPILED) ## Make the virtual environment and compile the words (other commands do it too)

# --- run ----------------------------------------------------------------------------------------
run: setup ## Serve the demo province on 127.0.0.1 (PORT=8000; EMPTY=1: without the demo)
	@exec $(PY) -m flask serve --host $(HOST) --port $(PORT) $(if $(filter 1 yes true,$(EMPTY)),--empty)

migrate: setup ## Bring the database to the newest migration
	@$(PY) -m flask migrate up

# --- tests --------------------------------------------------------------------------------------
# REQUIRE_ALL=1 (the CI): a suite that cannot run, or any skipped test, is a failure.
STRICT := $(if $(filter 1,$(REQUIRE_ALL)),-p tests.nothing_skipped)

test: $(VENV)/.dev $(COMPILED) ## Every suite that can run here: PostgreSQL, browser, then the rest
	@failed=""; \
	if $(PY) -m tests.postgres_server --available; then \
	  $(MAKE) --no-print-directory test-postgres || failed="$$failed postgres"; \
	else \
	  echo "PostgreSQL suite left out: no PostgreSQL server programs found (apt install postgresql)."; \
	  test -z "$(STRICT)" || failed="$$failed postgres"; \
	fi; \
	if [ -n "$$CHROMIUM" ]; then \
	  $(MAKE) --no-print-directory test-browser || failed="$$failed browser"; \
	else \
	  echo "Browser suite left out: no Chromium found (apt install chromium)."; \
	  test -z "$(STRICT)" || failed="$$failed browser"; \
	fi; \
	if [ -n "$$failed" ]; then echo "Failed before the last suite:$$failed"; fi; \
	$(PYTEST) -n $(JOBS) -m "not browser and not postgres" $(STRICT) $(ARGS) && test -z "$$failed"

test-fast: $(VENV)/.dev $(COMPILED) ## The fast suite on the embedded database (ARGS="-k word" narrows it)
	@$(PYTEST) -n $(JOBS) --dist loadfile -m "not browser and not postgres and not slow" $(ARGS)

test-browser: $(VENV)/.dev $(COMPILED) ## The journeys in Chromium, one at a time
	@test -n "$$CHROMIUM" || { echo "No Chromium found (apt install chromium)." >&2; exit 1; }
	@$(PYTEST) -m browser $(STRICT) $(ARGS)

pictures: $(VENV)/.dev $(COMPILED) ## Take the pictures of README and guide anew
	@PICTURES=1 $(PYTEST) -m browser -k pictures $(ARGS)

test-postgres: $(VENV)/.dev $(COMPILED) ## What asks for a database, on PostgreSQL (a private server, or TEST_POSTGRES_URL)
	@$(PY) -m tests.postgres_server $(PYTEST) -n $(JOBS) -m "not browser and not sqlite" $(STRICT) $(ARGS)

coverage: $(VENV)/.dev $(COMPILED) ## Branch coverage of the fast suite
	@$(PY) -m coverage run -m pytest -q -m "not browser and not postgres" $(ARGS)
	@$(PY) -m coverage combine -q && $(PY) -m coverage report

# --- checks -------------------------------------------------------------------------------------
check: $(VENV)/.dev $(COMPILED) ## Lint, format, types, templates, words, generated documents: all, then the failures
	@failed=""; \
	for step in lint format types templates words documents; do \
	  echo "· $$step"; \
	  $(MAKE) --no-print-directory check-$$step || failed="$$failed $$step"; \
	done; \
	if [ -n "$$failed" ]; then echo "make check failed:$$failed" >&2; exit 1; fi; \
	echo "make check: everything passed"

check-lint: $(VENV)/.dev
	@$(PY) -m ruff check --quiet .

check-format: $(VENV)/.dev
	@$(PY) -m ruff format --quiet --check .

check-types: $(VENV)/.dev
	@$(PY) -m mypy

check-templates: $(VENV)/.dev
	@$(PY) -m djlint --quiet --lint templates

check-words: $(VENV)/.dev
	@$(call extract-words,var/messages.pot)
	@$(PY) -m babel.messages.frontend --quiet update --check --ignore-pot-creation-date $(UPDATE) -i var/messages.pot

check-documents: $(VENV)/.dev
	@$(PY) -m flask docs --check

fix: $(VENV)/.dev ## Mend what the linters can mend
	@$(PY) -m ruff check --quiet --fix . ; $(PY) -m ruff format --quiet .

# --- words, documents, measurements ---------------------------------------------------------------
# The folders are named because Babel leaves out folders that begin with an underscore otherwise.
define extract-words
mkdir -p $(dir $(1)) && $(PY) -m babel.messages.frontend --quiet extract -F babel.cfg -k _l -k lazy_gettext \
  --ignore-dirs '.*' --ignore-dirs __pycache__ --add-location=file --sort-by-file --width=110 \
  --project=so-cong-vu --no-default-keywords -k _ -k gettext -k ngettext:1,2 -k lazy_ngettext:1,2 -k marked -k lazy_pgettext:1c,2 \
  -o $(1) $(SOURCES)
endef
UPDATE := -d translations --width=110 --ignore-obsolete --no-fuzzy-matching

translations: $(VENV)/.dev ## Gather the words from the code into the catalogues
	@$(call extract-words,var/messages.pot)
	@$(PY) -m babel.messages.frontend --quiet update --ignore-pot-creation-date $(UPDATE) -i var/messages.pot

docs: $(VENV)/.dev ## Write the generated documents anew
	@$(PY) -m flask docs

bench: $(VENV)/.dev $(COMPILED) ## Measure pages on both engines beside a bare Flask page (ARGS="--quick")
	@$(PY) -m bench $(ARGS)

LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: $(VENV)/.dev ## Write the two locks from the .in files
	@$(LOCK) -o requirements.txt requirements.in
	@$(LOCK) -o requirements-dev.txt requirements-dev.in

clean: ## Remove the virtual environment and caches, not the data in var/
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis htmlcov .coverage

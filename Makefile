# The only thing to remember: `make` lists what there is. Needs Python 3.11+, git and make.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.PHONY: help run test test-quick check fix bench demo shell messages graph duties lock clean
.PHONY: installed developer built

# The first Python that is new enough; `make PYTHON=/path/to/python3.12` picks another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$name && break; done)
BIN := .venv/bin
PYTEST := DUTIES=.build/duties.json $(BIN)/python -m pytest
# Python writes the tracebacks: pytest's own may end a whole run on Python 3.11.
ORDINARY := -n 2 --dist worksteal --tb=native -m "not journey and not faults"
# Building needs the settings but no secret and no data folder.
BUILD_ENV := SECRET_KEY=build DATA_DIR=.build/data DJANGO_SETTINGS_MODULE=shouwen.config.settings
export PATH := $(CURDIR)/$(BIN):$(PATH)

FRONTEND_FILES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/tests/*' 2>/dev/null)
STATIC_FILES := $(shell find shouwen -path '*/static/*' -not -path '*/static/dist/*' -type f 2>/dev/null)
CATALOGS := $(wildcard locale/*/LC_MESSAGES/django.po)

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1	\2/p' Makefile | while IFS='	' read -r name text; do \
		printf '  make %-10s %s\n' "$$name" "$$text"; done

run: built ## Serve the product with demo data at http://127.0.0.1:8000 (PORT, DATA_DIR, DATABASE_URL, REDIS_URL)
	@exec $(BIN)/shouwen up --demo

test: developer built ## Run every test: ordinary ones on two cores, then browser journeys and faults
	@$(BIN)/python -m tools.chromium && $(BIN)/python -m tools.dovecot
	@rm -f .build/duties.json
	cd frontend && npm run --silent test
	$(PYTEST) $(ORDINARY)
	$(PYTEST) -m "journey or faults" -p no:randomly \
		--tracing retain-on-failure --output .build/journeys

test-quick: developer ## Run the ordinary tests only
	$(BIN)/python -m pytest $(ORDINARY)

check: developer built ## Hold the house style: format, lint, types, boundaries, templates, migrations, translations
	@$(BIN)/python -m tools.check

fix: developer ## Put right what machines can: format, imports, templates, the API's description
	$(BIN)/ruff check --fix-only --quiet shouwen tests tools bench conftest.py
	$(BIN)/ruff format --quiet
	git ls-files -z '*/templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2
	@$(BUILD_ENV) $(BIN)/python -m tools.openapi write

bench: developer built ## Measure: make bench NAME=start
	@$(BIN)/python -m bench.$(or $(NAME),start)

demo: built ## Fill the data folder with the demo company and stop
	@$(BIN)/shouwen prepare --demo

shell: built ## A Python shell with the models
	@$(BIN)/shouwen shell

messages: developer ## Bring the Chinese catalog up to date: make messages [MERGE="file.tsv ..."]
	@$(BIN)/python -m tools.messages extract $(if $(MERGE),--merge $(MERGE))

graph: developer ## Draw the parts and their imports into .build/parts.dot
	@mkdir -p .build && $(BIN)/import-linter drawgraph shouwen > .build/parts.dot && echo "Written: .build/parts.dot"

duties: developer ## List the duties that have a passing test (results of the last `make test`)
	@test -f .build/duties.json || $(MAKE) test
	@$(BIN)/python -m tools.duties .build/duties.json

lock: ## Pin every dependency anew, with hashes and without hosts: make lock [UPGRADE=--upgrade]
	@mkdir -p .build
	@test -x .build/lock/bin/uv || { $(PYTHON) -m venv .build/lock && .build/lock/bin/pip install --quiet uv; }
	$(COMPILE) --extra build -o requirements.lock
	$(COMPILE) --all-extras -c requirements.lock -o requirements-dev.lock
	@$(PYTHON) -m tools.plain_lock
COMPILE = .build/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate $(UPGRADE)

clean: ## Remove what was built; the data folder stays
	rm -rf .venv .build frontend/node_modules shouwen/ui/static/dist locale/*/LC_MESSAGES/*.mo shouwen.egg-info
	rm -rf .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	find shouwen tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Steps behind the targets; each has a stamp and runs again only when its inputs change. ---

installed: .venv/.installed
developer: .venv/.developer
built: .venv/.installed .build/static.stamp .build/locale.stamp

.venv/.made:
	@test -n "$(PYTHON)" || { echo "首问 needs Python 3.11 or newer, and none was found. Install one, or say: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python cannot make virtual environments here. On Debian and Ubuntu: apt install python3-venv"; rm -rf .venv; exit 1; }
	@touch $@

.venv/.installed: requirements.lock pyproject.toml | .venv/.made
	@echo "Installing what 首问 runs on ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.developer: requirements-dev.lock .venv/.installed
	@echo "Installing the tools for tests and checks ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

frontend/node_modules/.stamp: frontend/package-lock.json | .venv/.installed
	@echo "Installing the browser side's packages ..."
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

.build/frontend.stamp: $(FRONTEND_FILES) frontend/node_modules/.stamp
	@echo "Building the browser side ..."
	@cd frontend && npm run --silent build
	@mkdir -p .build && touch $@

.build/static.stamp: .build/frontend.stamp $(STATIC_FILES)
	@$(BUILD_ENV) $(BIN)/python -m django collectstatic --noinput --verbosity 0
	@touch $@

.build/locale.stamp: $(CATALOGS) | .venv/.installed
	@$(BIN)/python -m tools.messages compile
	@mkdir -p .build && touch $@

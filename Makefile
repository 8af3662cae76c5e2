# Everything sets itself up in .venv; `make help` lists the targets.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
# pip of the system installs into the environment: a bare Debian has no ensurepip
PIP     = $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check
# the locks are complete, so nothing is resolved again
INSTALL = $(PIP) install --quiet --no-deps --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test property coverage lint format types bench torture fuzz mutants licences docs dbt-docs site browser postgres portal lock clean distclean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.runtime: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	@echo "Setting up $(VENV) (once, some minutes) …"
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Adding what tests and lint need …"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

run: $(VENV)/.runtime ## Harvest, extract, load, build, gate and publish (the bundled sample portal unless FAZHI_SOURCES is set)
	@$(BIN)/fazhi run

test: $(VENV)/.dev ## Run the whole test suite
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations 15

property: $(VENV)/.dev ## Run the property tests with examples drawn anew (`make test` takes the same ones each time)
	@HYPOTHESIS_PROFILE=random $(BIN)/python -m pytest --quiet $$(grep -rlE "^from hypothesis import.*given" tests --include "*.py")

# COVERAGE: the tests that are run, all of them unless said otherwise (make coverage COVERAGE="tests/scrapers")
COVERAGE ?= tests
COVERED := extraction scrapers warehouse
coverage: $(VENV)/.dev ## Run the tests and count the lines of extraction, scrapers, warehouse that they reach, 90 % of each wanted
	@rm -rf build/coverage && $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --cov --cov-report= $(COVERAGE)
	@failed=0; for package in $(COVERED); do echo "== $$package"; \
		$(BIN)/coverage report --include="$$package/*" --fail-under=90 || failed=1; done; exit $$failed

lint: $(VENV)/.dev ## Check style, types, SQL and YAML
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models
	@$(BIN)/yamllint --strict .

format: $(VENV)/.dev ## Put source files into the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# BENCH_PYTHON: an interpreter that has the peers (pip install -e '.[bench]'); BENCH: parts and sizes, as docs/benchmarks.md
# shows (make bench BENCH="a b --rounds 9")
BENCH_PYTHON ?= $(BIN)/python
BENCH ?=
bench: $(VENV)/.dev ## Measure against peers and limits; writes bench/results.json and docs/benchmarks.md (BENCH_PYTHON=…)
	@BENCH_PYTHON=$(BENCH_PYTHON) $(BIN)/python -m bench $(BENCH)

# MUTANTS: how many, which, of which modules (make mutants MUTANTS="--sample 10 --seed 3 --modules units")
MUTANTS ?=
mutants: $(VENV)/.dev ## Put small faults into a copy of the numbers' core, one at a time: which does no quick test see? (20 minutes)
	@$(BIN)/python -m bench.mutants $(MUTANTS)

# TORTURE: kills, minutes and the faults themselves, as `python -m bench.torture --help` shows (make torture TORTURE="--points 10")
TORTURE ?=
torture: $(VENV)/.dev ## Strike a sample warehouse: kills, full disk, clock, damaged files, two runs, faulty portals (an hour)
	@$(BIN)/python -m bench.torture $(TORTURE)

# atheris is no part of the lock: it goes into an environment of its own that sees the locked packages
FUZZ ?= --minutes 3
fuzz: $(VENV)/.dev ## Fuzz every way in: pages, files, lists, WARC, registry, manifest (FUZZ="html --minutes 10")
	@test -x build/fuzz-venv/bin/python || $(PYTHON) -m venv --without-pip build/fuzz-venv
	@$(PYTHON) -m pip --python build/fuzz-venv/bin/python --disable-pip-version-check install --quiet atheris
	@$(BIN)/python -c "import site; print(site.getsitepackages()[0])" > build/fuzz-venv/lib/python3.$$($(BIN)/python -c "import sys; print(sys.version_info[1])")/site-packages/locked.pth
	@build/fuzz-venv/bin/python -m bench.fuzz $(FUZZ)

licences: $(VENV)/.dev ## List the licences of all locked packages in docs/licences.md
	@$(BIN)/python -m bench.licences

docs: $(VENV)/.runtime ## Write the data dictionary, and the results in the analyst's guides from the sample portal, anew
	@home=$$(mktemp -d) && trap 'rm -rf $$home' EXIT && export FAZHI_HOME=$$home && unset FAZHI_SOURCES && \
		$(BIN)/fazhi run && $(BIN)/python -m flows.documenting

dbt-docs: $(VENV)/.runtime ## Write dbt's documentation of the models as one static page, data/docs/index.html
	@$(BIN)/python -m flows.documenting --pages data/docs/index.html

# the explorer's pages, built by npm; nothing else needs it
site/node_modules/.package-lock.json: site/package-lock.json
	@command -v npm >/dev/null || { echo "npm is absent: apt-get install nodejs npm, or \`make browser\` as root" >&2; exit 1; }
	@cd site && npm ci --silent && touch node_modules/.package-lock.json

site/dist/index.html: site/node_modules/.package-lock.json $(wildcard site/*.json site/*.mjs site/*.html site/src/* site/src/pages/*) flows/showing.css
	@cd site && npm run --silent build

browser: ## Install what the browser tests need: Chromium, a Chinese font, node (apt-get, as root) and npm's packages
	@missing=""; for each in chromium:chromium node:nodejs npm:npm; do \
		command -v $${each%%:*} >/dev/null || missing="$$missing $${each##*:}"; done; \
	ls /usr/share/fonts/truetype/wqy/wqy-microhei.ttc >/dev/null 2>&1 || missing="$$missing fonts-wqy-microhei"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ]; then echo "As root: apt-get install --no-install-recommends$$missing; then \`make browser\` again" >&2; exit 1; fi; \
	apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends $$missing
	@$(MAKE) --no-print-directory site/node_modules/.package-lock.json

site: $(VENV)/.runtime site/dist/index.html ## Write the explorer of the published warehouse, data/site (needs npm); `fazhi serve` shows it
	@$(BIN)/fazhi site

postgres: ## Install Debian's PostgreSQL, which the tests of deployment and scale start by themselves (apt-get, as root)
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ]; then echo "As root: apt-get install --no-install-recommends postgresql" >&2; exit 1; fi; \
	apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends postgresql

portal: $(VENV)/.runtime ## Serve the bundled sample portal for looking at (Ctrl-C ends it)
	@$(BIN)/python -m scrapers.sample --port 8000

lock: ## Write both lock files anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --extra dev --constraint requirements.lock --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --quiet --output-file requirements-dev.lock

clean: ## Remove caches and build products; data stays
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist dbt_project/target dbt_project/logs logs
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## Remove the environment too; data stays
	rm -rf $(VENV)

# Postil. `make run` is for readers, `make test` for everybody who changes something.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM := npm --no-audit --no-fund --loglevel=error

PACKAGED := $(shell find server store -type f -not -path 'server/extension/*' -not -name '*.pyc')

.DEFAULT_GOAL := help
.PHONY: help run test lint lint-python lint-extension unit browsers-test extension package simulate bench bench-store bench-formats bench-sync bench-serve bench-anchoring bench-scale load everywhere pictures wheel clean

help: ## Say what there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: $(VENV)/.installed extension ## Install, build the extension, start the server
	@exec $(BIN)/postil serve

test: ## Run every check and every test, real browsers included
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint
	@$(MAKE) --no-print-directory unit browsers-test
	@echo 'All checks and tests passed.'

extension: extension/dist/.built ## Build the extension for Chrome and Firefox into extension/dist

package: extension/node_modules/.installed ## Write the archives for the shops of extensions into extension/packages
	cd extension && node package.mjs

lint: lint-python lint-extension ## Style, types, the stores' rules for add-ons

lint-python: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-extension: extension/dist/.built tests/node_modules/.installed
	cd extension && npx tsc
	cd tests && npx tsc
	cd tests && node lint-addons.mjs

unit: $(VENV)/.tested tests/node_modules/.installed build/wheel/.built ## Tests that need no browser extension
	sh tests/install-programs.sh
	cd tests && npx vitest run --project extension --project sync
	$(BIN)/pytest -n 2 --dist loadfile

browsers-test: $(VENV)/.tested extension/dist/.built tests/node_modules/.installed ## The extension in real browsers against the real server
	sh tests/install-programs.sh
	cd tests && npx vitest run --project e2e

everywhere: ## The same, every story in every browser
	EVERYWHERE=1 $(MAKE) browsers-test

pictures: $(VENV)/.tested extension/dist/.built tests/node_modules/.installed ## Screenshots to look at, into tests/.output/screenshots
	sh tests/install-programs.sh
	cd tests && npx vitest run --project pictures

wheel: build/wheel/.built ## Build a wheel that carries the built extension, into build/wheel

build/wheel/.built: extension/dist/.built $(VENV)/.made setup.cfg pyproject.toml $(PACKAGED)
	@rm -rf build/wheel build/lib build/bdist.* server/extension && mkdir -p build/wheel server/extension
	@cp -R extension/dist/chrome extension/dist/firefox server/extension/
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	@rm -rf server/extension
	@touch $@

simulate: $(VENV)/.tested tests/node_modules/.installed ## Play SEEDS=10000 stories of machines, lines and a server that fail (STORE=postgresql, or tinydb)
	cd tests && npx vitest run --project sync

bench: bench-store bench-formats bench-sync bench-serve bench-anchoring ## Measure everything beside its peers, into tests/bench/*.md

bench-store: $(VENV)/.installed ## The store beside plain TinyDB and SQLite
	$(BIN)/python -m tests.bench.store

bench-formats: $(VENV)/.installed ## Writing, reading and importing a hundred thousand notes
	$(BIN)/python -m tests.bench.formats

bench-sync: $(VENV)/.installed tests/node_modules/.installed ## Sync beside PouchDB
	cd tests/bench/sync && $(NPM) ci
	cd tests && npm run --silent bench:sync

bench-serve: $(VENV)/.installed tests/node_modules/.installed ## Requests beside a bare application and other servers
	cd tests/bench/serve && $(NPM) ci
	cd tests && npm run --silent bench:serve

bench-scale: $(VENV)/.tested ## A million notes of 10,000 accounts in PostgreSQL beside 10,000 notes: half an hour
	sh tests/install-programs.sh
	$(BIN)/python -m tests.bench.scale

load: $(VENV)/.installed tests/node_modules/.installed ## A minute of 32 clients at once: no error, and memory that does not grow
	cd tests && npm run --silent load

bench-anchoring: tests/node_modules/.installed ## Anchoring beside other engines, in Chromium
	sh tests/install-programs.sh
	cd tests && npm run --silent bench:anchoring

clean: ## Remove all that was installed, built or written by tests (never your notes)
	rm -rf $(VENV) build *.egg-info extension/node_modules extension/dist extension/packages tests/node_modules tests/.output
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What the above stand on. Each is made once, and again when what it is made from changes.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Postil needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 run")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: setup.cfg pyproject.toml | $(VENV)/.made
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tested: setup.cfg pyproject.toml | $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[sql,test]'
	@touch $@

extension/node_modules/.installed: extension/package-lock.json extension/package.json
	cd extension && $(NPM) ci
	@touch $@

tests/node_modules/.installed: tests/package-lock.json tests/package.json extension/node_modules/.installed
	cd tests && $(NPM) ci
	@touch $@

EXTENSION := extension/manifest.json extension/build.mjs extension/tsconfig.json \
	$(shell find extension/src extension/icons extension/_locales -type f 2>/dev/null)

extension/dist/.built: extension/node_modules/.installed $(EXTENSION)
	cd extension && node build.mjs && node build.mjs --test
	@touch $@

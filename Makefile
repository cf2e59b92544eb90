# Postil. `make run` is for readers, `make test` for everybody who changes something.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM := npm --no-audit --no-fund --loglevel=error
NODE := extension/node_modules/.installed tests/node_modules/.installed

PACKAGED := $(shell find server store -type f -not -path 'server/extension/*' -not -name '*.pyc')

# Tests start the command many times over: it is compiled once, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test programs lint lint-python lint-extension unit browsers-test extension package simulate bench bench-store bench-formats bench-sync bench-serve bench-anchoring bench-extension bench-scale load everywhere pictures wheel clean

help: ## Say what there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: $(VENV)/.installed extension ## Install, build the extension, start the server
	@exec $(BIN)/postil serve

test: ## Run every check and every test, real browsers included
	@$(MAKE) --no-print-directory --jobs=4 --output-sync=target programs lint build/wheel/.built
	@$(MAKE) --no-print-directory unit browsers-test
	@echo 'All checks and tests passed.'

extension: extension/dist/.built ## Build the extension for Chrome and Firefox into extension/dist

package: extension/node_modules/.installed ## Write the archives for the shops of extensions into extension/packages
	cd extension && node package.mjs

programs: # What the tests run that pip and npm do not bring: browsers, nginx, PostgreSQL
	sh tests/install-programs.sh

lint: lint-python lint-extension ## Style, types, the stores' rules for add-ons

lint-python: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-extension: extension/dist/.built $(NODE)
	cd extension && npx tsc
	cd tests && npx tsc
	cd tests && node lint-addons.mjs

unit: programs $(VENV)/.tested $(NODE) build/wheel/.built ## Tests that need no browser extension
	cd tests && npx vitest run --project extension --project sync
	$(BIN)/pytest -n 2 --dist loadfile

browsers-test: programs $(VENV)/.tested extension/dist/.built $(NODE) ## The extension in real browsers against the real server
	cd tests && npx vitest run --project e2e

everywhere: ## The same, every story in every browser
	EVERYWHERE=1 $(MAKE) browsers-test

pictures: programs $(VENV)/.tested extension/dist/.built $(NODE) ## Screenshots to look at, into tests/.output/screenshots
	cd tests && npx vitest run --project pictures

wheel: build/wheel/.built ## Build a wheel that carries the built extension, into build/wheel

# After what is installed, for that writes the package's metadata into the same folder.
build/wheel/.built: extension/dist/.built setup.cfg pyproject.toml $(PACKAGED) | $(VENV)/.tested
	@rm -rf build/wheel build/lib build/bdist.* server/extension && mkdir -p build/wheel server/extension
	@cp -R extension/dist/chrome extension/dist/firefox server/extension/
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	@rm -rf server/extension
	@touch $@

simulate: $(VENV)/.tested $(NODE) ## Play SEEDS=10000 stories of machines, lines and a server that fail (STORE=postgresql, or tinydb)
	cd tests && npx vitest run --project sync

bench: bench-store bench-formats bench-sync bench-serve bench-anchoring bench-extension ## Measure everything beside its peers, into tests/bench/*.md

bench-store: $(VENV)/.installed ## The store beside plain TinyDB and SQLite
	$(BIN)/python -m tests.bench.store

bench-formats: $(VENV)/.installed ## Writing, reading and importing a hundred thousand notes
	$(BIN)/python -m tests.bench.formats

bench-sync: $(VENV)/.installed $(NODE) ## Sync beside PouchDB
	cd tests/bench/sync && $(NPM) ci
	cd tests && npm run --silent bench:sync

bench-serve: $(VENV)/.installed $(NODE) ## Requests beside a bare application and other servers
	cd tests/bench/serve && $(NPM) ci
	cd tests && npm run --silent bench:serve

bench-scale: programs $(VENV)/.tested ## A million notes of 10,000 accounts in PostgreSQL beside 10,000 notes: half an hour
	$(BIN)/python -m tests.bench.scale

load: $(VENV)/.installed $(NODE) ## A minute of 32 clients at once: no error, and memory that does not grow
	cd tests && npm run --silent load

bench-anchoring: programs $(NODE) ## Anchoring beside other engines, in Chromium
	cd tests && npm run --silent bench:anchoring

bench-extension: programs extension/dist/.built $(NODE) ## How soon boot, toolbar and panel are there, beside the least of their kind
	cd tests && npx vitest run --project speed

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

$(VENV)/.tested: setup.cfg pyproject.toml | $(VENV)/.made
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[sql,test]'
	@touch $(VENV)/.installed $@

extension/node_modules/.installed: extension/package-lock.json extension/package.json
	cd extension && $(NPM) ci
	@touch $@

tests/node_modules/.installed: tests/package-lock.json tests/package.json
	cd tests && $(NPM) ci
	@touch $@

EXTENSION := extension/manifest.json extension/build.mjs extension/tsconfig.json \
	$(shell find extension/src extension/icons extension/_locales -type f 2>/dev/null)

extension/dist/.built: extension/node_modules/.installed $(EXTENSION)
	cd extension && node build.mjs && node build.mjs --test
	@touch $@

# Every command anyone needs. Each target calls the real tool; continuous integration runs nothing else (.ci/run).
# Needs only Python >= 3.11 (with venv), Node >= 20 and make: uv and everything else is installed by `make install`.

SHELL := /bin/sh
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
UV := .tools/bin/uv
PY := .venv/bin/python

# The first interpreter that is new enough and can make environments; choose another with `make install PYTHON=...`.
PYTHON_FITS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$each" -c '$(PYTHON_FITS)' >/dev/null 2>&1 && command -v "$$each" && break; done)

# How many test processes; `make test WORKERS=0 PYTEST="-k grants"` runs a few of them in one.
WORKERS ?= 2
PYTEST ?=

# Extra words for `make lock`, such as `LOCK=--upgrade` or `LOCK="--upgrade-package litestar"`.
LOCK ?=

# Python that is checked; a folder counts as soon as it exists.
TREES := $(wildcard backend/src backend/tests benchmarks tools examples/flask)

# A field of a request that has a default may be left out.
API_TYPES := npx --no-install openapi-typescript api/openapi.json --output packages/api-client/src/schema.d.ts \
	--default-non-nullable=false

# The pages, made anew when their sources have changed; part of the server and of the wheel.
WIDGET := backend/src/kryptos/surfaces/widget_page/assets/index.html
ACCOUNT_PAGE := backend/src/kryptos/surfaces/account_page/assets/index.html
PAGES := $(WIDGET) $(ACCOUNT_PAGE)
SHARED_SOURCES := $(shell find apps/ui/src apps/ui/build packages/connect-core/src -type f 2>/dev/null)
WIDGET_SOURCES := $(wildcard apps/widget/index.html apps/widget/package.json apps/widget/*.config.ts) \
	$(shell find apps/widget/src -type f 2>/dev/null) $(SHARED_SOURCES)
ACCOUNT_SOURCES := $(wildcard apps/account/index.html apps/account/package.json apps/account/*.config.ts) \
	$(shell find apps/account/src apps/account/build -type f 2>/dev/null) $(SHARED_SOURCES)

.PHONY: help
help: ## Say what each command does (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- installing

.PHONY: install
install: .venv/.installed node_modules/.installed ## Install everything, as locked; instant when nothing changed

.tools/.uv-$(UV_VERSION):
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 with the venv module was found. Install one (on Debian: python3-venv)," \
		"or name it: make install PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -c '$(PYTHON_FITS)' || { echo "$(PYTHON) is older than 3.11 or lacks venv or ensurepip (on Debian: python3-venv)."; exit 1; }
	@echo "==> uv $(UV_VERSION), into .tools, with $(PYTHON)"
	rm -rf .tools
	"$(PYTHON)" -m venv .tools
	.tools/bin/python -m pip install --disable-pip-version-check --no-input uv==$(UV_VERSION)
	@touch $@

.venv/.created: .tools/.uv-$(UV_VERSION)
	@echo "==> Python environment, in .venv"
	$(UV) venv --clear --python "$(PYTHON)" .venv
	@touch $@

.venv/.installed: .venv/.created requirements.lock pyproject.toml
	@echo "==> Python packages, as in requirements.lock"
	$(UV) pip sync --python $(PY) --require-hashes requirements.lock
	$(UV) pip install --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

# npm roots of their own, each with its lock: React Native is not downloaded by those who only want a server.
SDK := packages/mobile-sdk
APPS := $(patsubst %/package.json,%,$(wildcard examples/expo/package.json examples/react-native/package.json))
MANIFESTS := $(filter-out $(SDK)/% $(APPS:=/%),$(wildcard packages/*/package.json apps/*/package.json \
	backend/tests/*/*/package.json examples/*/package.json tools/react/*/package.json))

node_modules/.installed: package.json package-lock.json .npmrc $(MANIFESTS)
	@node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' 2>/dev/null || \
		{ echo "Node >= 20 was not found: found '$$(node --version 2>&1)'. Install it from nodejs.org or your system."; exit 1; }
	@echo "==> npm packages, as in package-lock.json"
	npm ci
	@touch $@

$(SDK)/node_modules/.installed: $(SDK)/package.json $(SDK)/package-lock.json $(SDK)/.npmrc | node_modules/.installed
	@echo "==> npm packages of the mobile SDK"
	cd $(SDK) && npm ci
	@touch $@

$(APPS:=/node_modules/.installed): %/node_modules/.installed: %/package.json %/package-lock.json %/.npmrc
	@echo "==> npm packages of $*"
	cd $* && npm ci --ignore-scripts
	@touch $@

.PHONY: lock
lock: .tools/.uv-$(UV_VERSION) ## Lock the versions of all packages anew, after a change of pyproject.toml or a package.json
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --quiet $(LOCK) \
		--custom-compile-command "make lock" --output-file requirements.lock
	npm install --package-lock-only --ignore-scripts
	for root in $(SDK) $(APPS); do (cd $$root && npm install --package-lock-only --ignore-scripts) || exit 1; done

# ---------------------------------------------------------------- checking

.PHONY: check check-python check-types check-web check-architecture check-generated
check: check-python check-types check-web check-architecture check-generated ## Lint, types, architecture, generated files; about a minute
	@echo "==> All checks passed"

check-python: .venv/.installed
	@echo "==> ruff"
	.venv/bin/ruff check
	.venv/bin/ruff format --check

check-types: .venv/.installed
	@echo "==> mypy"
	.venv/bin/mypy $(TREES)

check-web: node_modules/.installed $(SDK)/node_modules/.installed
	@echo "==> biome and tsc"
	npx --no-install biome ci
	npm run typecheck --workspaces --if-present
	cd $(SDK) && npm run typecheck

check-architecture: .venv/.installed
	@echo "==> architecture"
	.venv/bin/lint-imports
	$(PY) -m pytest -q backend/tests/architecture

check-generated: .venv/.installed node_modules/.installed
	@echo "==> generated files"
	$(PY) tools/codegen/generate.py --check
	$(API_TYPES) --check

.PHONY: test
test: install $(PAGES) browser php proxy mobile ## Run all tests; WORKERS=0 for one process, PYTEST="-k word" for some
	$(PY) -m pytest -n $(WORKERS) $(PYTEST)
	tools/npm_tests.sh

.PHONY: mobile
mobile: $(SDK)/node_modules/.installed $(APPS:=/node_modules/.installed) .venv/.installed $(PAGES) browser ## Build and test the mobile SDK and its examples (installs React Native, some 900 MB)
	cd $(SDK) && npm test && npm run test:apps

.PHONY: engines
engines: install $(WIDGET) ## Run the widget in Firefox and WebKitGTK too; as root on Debian, install them
	@sh tools/system_packages.sh /usr/bin/firefox-esr=firefox-esr /usr/bin/WebKitWebDriver=webkit2gtk-driver /usr/bin/Xvfb=xvfb || true
	cd apps/widget && npx --no-install vitest run --config test/browser/engines/vitest.config.ts --reporter=verbose

.PHONY: screenshots
screenshots: install $(PAGES) browser ## Write a picture of every view of all pages, into var/screenshots
	cd apps/widget && npx --no-install vitest run --config test/browser/quality/screenshots.config.ts
	cd apps/account && npx --no-install vitest run --config test/browser/quality/screenshots.config.ts

.PHONY: format
format: install ## Lay out all code, and repair what the linters can repair
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format
	npx --no-install biome check --write

# ---------------------------------------------------------------- making

.PHONY: gen
gen: install ## Write the generated files anew: api/, docs/reference/, the API client
	$(PY) tools/codegen/generate.py
	$(API_TYPES)

.PHONY: catalog
catalog: .venv/.installed ## Build the catalogue's data anew from its sources (installs some 230 MB into tools/catalog)
	cd tools/catalog && npm ci --ignore-scripts
	$(PY) -m tools.catalog.build

.PHONY: widget
widget: $(PAGES) ## Build the widget's pages and the consent centre into the server; instant when nothing changed

$(WIDGET): node_modules/.installed $(WIDGET_SOURCES)
	@echo "==> the widget's pages"
	npm run build -w @kryptos_connect/widget
	@touch $@

$(ACCOUNT_PAGE): node_modules/.installed $(ACCOUNT_SOURCES)
	@echo "==> the consent centre's page"
	npm run build -w @kryptos_connect/account
	@touch $@

.PHONY: browser
browser: ## Find the Chromium that tests drive; as root on Debian, install it
	@test -x "$${CHROMIUM:-/usr/bin/chromium}" || sh tools/system_packages.sh /usr/bin/chromium=chromium || { \
		echo "Or name it: CHROMIUM=/path/to/chromium make test"; exit 1; }

.PHONY: php
php: ## Find the PHP that runs the PHP example; as root on Debian, install it; else its test is left out
	@sh tools/system_packages.sh /usr/bin/php=php-cli || true

.PHONY: proxy
proxy: ## Find the nginx that the sample of a proxy is tried with; as root on Debian, install it; else its test is left out
	@sh tools/system_packages.sh /usr/sbin/nginx=nginx-light || true

.PHONY: wheel
wheel: .venv/.installed $(PAGES) ## Build the Python wheel, into dist/
	.venv/bin/hatchling build -t wheel

# ---------------------------------------------------------------- running

# The example's page, made anew when it or the SDK has changed.
EXAMPLE_PAGE := examples/vite-react/dist/index.html
$(EXAMPLE_PAGE): node_modules/.installed $(shell find packages/connect-core/src packages/web-sdk/src \
		examples/vite-react/src examples/vite-react/index.html -type f 2>/dev/null)
	npm run build -w @kryptos_connect/connect-core
	npm run build -w @kryptos_connect/web-sdk
	npm run build -w example-vite-react

.PHONY: demo
demo: .venv/.installed $(PAGES) $(EXAMPLE_PAGE) ## Start the whole product on this machine, with sandbox data and an app that uses it
	.venv/bin/kryptos demo --app "$(PY) examples/flask/app.py"

.PHONY: demo-reset
demo-reset: .venv/.installed ## Delete what `make demo` stored
	.venv/bin/kryptos demo --reset

.PHONY: bench
bench: .venv/.installed $(WIDGET) browser ## Measure, against a named peer and a named floor
	$(PY) -m benchmarks

.PHONY: capacity
capacity: .venv/.installed ## Measure how many calls a second this machine takes, at 100,000 transactions of a person
	$(PY) -m benchmarks.capacity

# How long `make endurance` kills.
SECONDS ?= 600

.PHONY: endurance
endurance: .venv/.installed ## Load two servers and two workers while everything is killed in turn; SECONDS=600
	cd backend && PYTHONPATH=.. ../$(PY) -m tests.endurance --seconds $(SECONDS)

# Extra words for `make newcomer`, such as NEWCOMER=--without-long.
NEWCOMER ?=

.PHONY: newcomer
newcomer: ## Play a newcomer: a fresh clone, an empty home, every command of the README; NEWCOMER=--without-long
	$(PYTHON) -m tools.newcomer $(NEWCOMER)

# Everything sets itself up in .venv; nothing is needed but Python 3.11 or newer (with venv) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROMPT ?= A cat walks through a neon-lit alley in the rain. It finds a red door and looks up. The door opens and warm light falls on the wet stone.
FILM_FLAGS ?= --scenes 3 --title "Neon rain"
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
READY := $(VENV)/.ready-$(VERSION)
PARALLEL ?= 2

.PHONY: film run test lint bench soak clean

film: $(READY)
	@$(BIN)/vidpipe generate "$(PROMPT)" $(FILM_FLAGS)

run: $(READY)
	@$(BIN)/vidpipe

test: $(READY)
	$(BIN)/python -m pytest -n $(PARALLEL) --dist loadgroup tests

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

SECONDS ?= 600
soak: $(READY)
	$(BIN)/python -m tests.recovery.soak $(SECONDS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): requirements.txt pyproject.toml
	@test -n "$(VERSION)" || { echo "$(PYTHON) is not there. Install Python 3.11 or newer, or say which: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $(VERSION); vidpipe needs 3.11 or newer. Say which: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) lacks venv. Install it (Debian: apt install python3-venv) and run make again."; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

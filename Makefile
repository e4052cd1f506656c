# Every target sets itself up: only git, python3 (3.11 or newer) and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
DEMO_HOME ?= demo-home
WORKERS ?= 2
HOURS ?= 8

.PHONY: help install demo test checks tests test-more soak bench lock clean

help:
	@echo "make install    a virtual environment in .venv with everything in it (.venv/bin/gongbao)"
	@echo "make demo       the main job on the invented county: crawl, keep, find, export"
	@echo "make test       every check a contributor runs (under 15 minutes on two cores)"
	@echo "make test-more  long properties, kill series, real servers"
	@echo "make soak       the long ones over and over, for HOURS=8"
	@echo "make bench      the claims of speed, as ratios measured in the same run"

install: $(READY)

$(READY): requirements.lock pyproject.toml
	@echo "== Setting up $(VENV) (once; a few minutes on a slow line)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gongbao needs Python 3.11 or newer; name one: make PYTHON=python3.12 install")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --quiet --no-deps -e .
	@touch $@

demo: install
	$(BIN)/gongbao demo --keep $(DEMO_HOME)

test: checks tests

checks: install
	@echo "== Style, types, floors"
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

tests: install
	@echo "== Tests"
	$(BIN)/python -m pytest -m "not more" -n $(WORKERS)

test-more: install
	@echo "== Long properties and kill series"
	$(BIN)/python -m pytest -m more -n $(WORKERS)

soak: install
	@end=$$(($$(date +%s) + $(HOURS) * 3600)); while [ $$(date +%s) -lt $$end ]; do \
		$(BIN)/python -m pytest -m more -n $(WORKERS) || exit 1; done

bench: install
	@for script in benchmarks/*.py; do case $$script in */generated.py) ;; *) echo "== $$script"; $(BIN)/python $$script || exit 1;; esac; done

# Run by maintainers after a change of dependencies; the lock names no index.
lock: install
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-annotate --no-header \
		--python-version 3.11 --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) $(DEMO_HOME) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Every target sets up what it needs: Python 3.11 or newer and make are enough.
PYTHON ?= python3
BIN := .venv/bin
# Four at a time: many tests wait for servers and for the dead. The tests of a file share what they start.
SIDE_BY_SIDE := --numprocesses=4 --dist=loadfile --no-loadscope-reorder

.PHONY: setup demo dev test test-fast exactly-once lint format bench fingerprints histories picture screenshots constraints clean

setup: .venv/ready

.venv/ready: constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "qingqian needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup  ## 青石沟, from receipt to strike-off, on an embedded stack
	$(BIN)/qingqian rehearse examples/qingshigou.toml

dev: setup  ## the embedded stack for real use; data in .qingqian/
	$(BIN)/qingqian dev

test: setup  ## everything; the pages only where there is a browser
	$(BIN)/pytest $(SIDE_BY_SIDE) --cov --cov-report=term-missing:skip-covered tests/domain
	$(BIN)/pytest $(SIDE_BY_SIDE) --ignore=tests/domain
	@$(BIN)/python -m tests.portal.chromium

exactly-once: setup  ## two thousand duties lapse together while workers are killed; LAPSES=n for another number
	LAPSES=$${LAPSES:-2000} $(BIN)/pytest -s tests/durability/test_lapses.py

test-fast: setup  ## the rules only
	$(BIN)/pytest tests/domain

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## ratios against a bare workflow, in one run
	$(BIN)/python -m benchmarks.lifecycle
	$(BIN)/python -m benchmarks.memory

fingerprints: setup  ## accept a deliberate change of a workflow's command sequence
	$(BIN)/python -m tests.replay.fingerprint

histories: setup  ## record the histories of this version beside those of older ones
	$(BIN)/python -m tests.replay.record

picture: setup  ## the terminal picture of the rehearsal in the README
	$(BIN)/qingqian rehearse examples/qingshigou.toml --svg docs/rehearsal.svg

screenshots: setup  ## the pages in the README, from a window at work; needs chromium and fonts-noto-cjk
	$(BIN)/python -m tests.portal.screenshots

constraints:  ## pin again; needs uv
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-package pip -o constraints.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -o constraints-production.txt

clean:
	rm -rf .venv .qingqian build *.egg-info

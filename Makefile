# Every target sets up what it needs: Python 3.11 or newer and make are enough.
PYTHON ?= python3
BIN := .venv/bin
# The tests of a file share what they start; files that kill come first. Each process imports and collects everything and starts
# servers of its own, as much work as some forty tests, so there are few; what is long waits for servers and for the dead, and has more.
SIDE_BY_SIDE := --dist=loadfile --no-loadscope-reorder --ignore=tests/domain
# The rules wait for nothing, and each process collects all of their tests: one for each core.
ON_EVERY_CORE := --numprocesses=logical --dist=loadfile --no-loadscope-reorder

# Images often set this; each process of a run would then compile the whole house and its tests again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup setup-tests setup-check demo dev test test-long test-busy test-fast exactly-once chaos fuzz lint format bench fingerprints histories picture screenshots pins clean

setup: .venv/embedded  ## what running needs
setup-tests: .venv/development  ## and what testing needs

# Nothing is resolved: constraints/ names every package by version and hash, and install.py takes exactly those.
.venv/embedded .venv/development: .venv/%: constraints/%.txt constraints/install.py pyproject.toml
	$(PYTHON) constraints/install.py $*

setup-check:  ## set-up by the oldest and the newest pip, on a day when others have published newer packages
	$(PYTHON) constraints/check.py

demo: setup  ## 青石沟, from receipt to strike-off, on an embedded stack
	$(BIN)/qingqian rehearse examples/qingshigou.toml

dev: setup  ## the embedded stack for real use; data in .qingqian/
	$(BIN)/qingqian dev

test: setup-tests  ## every rule, and everything else but what is in test-long
	$(BIN)/pytest $(ON_EVERY_CORE) --cov --cov-report=term-missing:skip-covered tests/domain
	$(BIN)/pytest --numprocesses=3 $(SIDE_BY_SIDE) -m "not long"

test-long: setup-tests  ## the pages where there is a browser, kills at every instant, more by chance; CI runs both
	$(BIN)/pytest --numprocesses=4 $(SIDE_BY_SIDE) -m long
	@$(BIN)/python -m tests.portal.chromium

test-busy: setup-tests  ## both, or SUITE=test, RUNS=n times beside two busy loops; how each run ended is in build/busy.txt
	$(BIN)/python -m tests.busy

exactly-once: setup-tests  ## two thousand duties lapse together while workers are killed; LAPSES=n for another number
	LAPSES=$${LAPSES:-2000} TESTS_END_WITHIN=14400 $(BIN)/pytest -s -o faulthandler_timeout=0 tests/durability/test_lapses.py

chaos: setup-tests  ## whole lives while everything is killed: KILLS=n of them, by SEED=n; what came of it in CHAOS_REPORT
	KILLS=$${KILLS:-500} CHAOS_REPORT=$${CHAOS_REPORT:-build/chaos.json} TESTS_END_WITHIN=14400 \
		$(BIN)/pytest -s -o faulthandler_timeout=0 tests/chaos

fuzz: setup-tests  ## files, forms, requests and names by chance: FUZZ=n of them a test, from SEED=n
	FUZZ=$${FUZZ:-200} SCHEMATHESIS=examples,coverage,fuzzing TESTS_END_WITHIN=14400 \
		$(BIN)/pytest --numprocesses=2 --dist=load -o faulthandler_timeout=0 tests/fuzz

test-fast: setup-tests  ## the rules only
	$(BIN)/pytest tests/domain

lint: setup-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-tests  ## ratios against a bare workflow, in one run
	$(BIN)/python -m benchmarks.lifecycle
	$(BIN)/python -m benchmarks.memory

fingerprints: setup-tests  ## accept a deliberate change of a workflow's command sequence
	$(BIN)/python -m tests.replay.fingerprint

histories: setup-tests  ## record the histories of this version beside those of older ones
	$(BIN)/python -m tests.replay.record

picture: setup  ## the terminal picture of the rehearsal in the README
	$(BIN)/qingqian rehearse examples/qingshigou.toml --svg docs/rehearsal.svg

screenshots: setup-tests  ## the pages in the README, from a window at work; needs chromium and fonts-noto-cjk
	$(BIN)/python -m tests.portal.screenshots

PIN := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-package pip
pins:  ## pin again after pyproject.toml changed; needs uv
	$(PIN) --extra oidc --extra dev -o constraints/development.txt
	$(PIN) -c constraints/development.txt --extra checkout -o constraints/embedded.txt
	$(PIN) -c constraints/development.txt --extra oidc -o constraints/production.txt

clean:  ## what can be made again; the cases in .qingqian cannot
	rm -rf .venv build *.egg-info

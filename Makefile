# make lab        open the lecture in JupyterLab
# make present    the lecture as slides, or a notebook (NOTEBOOK=02)
# make site       the lecture as pages and slides that need no installation, in build/site
# make editor     bundle the pages' editor anew, from the versions that tools/site/editor names (needs npm)
# make handout    the slides as PDF, with and without answers and notes, and a cheat sheet, in build/handout (needs chromium)
# make test       the tests of every day, two at a time, and each notebook once (browser tests need chromium): minutes
# make test-slow  what takes long or tries every case, and the tests with the oldest and newest packages
# make test-all   both
# make setup      the set-up alone: .venv with everything they need (LOCKED=1: in the versions of constraints.txt)
# make lock       write the versions installed here into constraints.txt
# make notebooks  run every notebook and save it with its outputs and clean metadata
# make recordings  train everything that the notebooks show, and record it (ONLY=motivation: a part); about ten minutes
# make bench      speed, beside something measured in the same run (ONLY=engine: one part; MNIST=path: the whole database)
# make screenshots  the README's pictures
# make quizzes    every quiz and prediction for Canvas, Moodle and Anki
# make exercises  a students' copy without solutions, an instructors' copy with them, a course of nbgrader
# python -m tools.grade FOLDER  marks for a folder of handed-in notebooks (Linux)
# make test-offline  the tests without a network (Linux)
# make test-matrix  the tests with the oldest and the newest packages that are allowed (ONLY=oldest)
# make hub-test   a class of simulated students on a JupyterHub on this machine (STUDENTS=20; as root, to try privacy)
# make fuzz       hostile input, cells in any order, a thousand moves, every slide in two sizes and themes (CASES=10000 SEED=0; hours)
# make audit      known vulnerabilities in the packages installed here; asks the network
# make lite       a JupyterLite site in build/lite, with its Python; the next make site takes it along

PYTHON ?= python3
VENV := .venv
SCRIPTS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
BIN := $(VENV)/$(SCRIPTS)
READY := $(VENV)/.ready
NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))

# A set-up knows its folder by name: after a move it must be made again.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
$(shell rm -f $(READY))
endif
ifdef LOCKED
ifeq ($(wildcard $(VENV)/.locked),)
$(shell rm -f $(READY))
endif
endif

.PHONY: help setup lock lab present site handout editor test test-slow test-all notebooks recordings bench screenshots exercises quizzes fuzz test-offline test-matrix hub-test audit lite clean

help:
	@sed -n '/^$$/q; s/^# //p' Makefile

setup: $(READY)

$(READY): pyproject.toml $(if $(LOCKED),constraints.txt) tools/overrides.json $(wildcard lab/*)
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "There is no '$(PYTHON)' here. This project needs Python 3.11 or newer. Try: make PYTHON=python3.12"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This project needs Python 3.11 or newer; '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1). Try: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python could not make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@echo "Installing into $(VENV), once; this takes about a minute."
	@# the second name is for what builds the project, in newer releases of pip
	@$(if $(LOCKED),PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt) \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[marks,present,test]'
	@$(if $(LOCKED),touch,rm -f) $(VENV)/.locked
	@echo "$(CURDIR)" > $@

lock: $(READY)
	@echo "# Versions with which the tests passed; written by: make lock" > $(VENV)/constraints.tmp
	@$(BIN)/python -m pip list --disable-pip-version-check --format=freeze --exclude-editable \
	  --exclude pip --exclude setuptools >> $(VENV)/constraints.tmp
	@mv $(VENV)/constraints.tmp constraints.txt

lab: $(READY)
	@-$(BIN)/jupyter-trust $(NOTEBOOKS) > /dev/null  # JupyterLab runs nothing by itself in a file that nobody trusts
	$(BIN)/python -m jupyterlab notebooks/00_start_here.ipynb

present: $(READY)
	$(BIN)/python -m tools.stage $(NOTEBOOK)

site: $(READY)
	$(BIN)/python -m tools.site

# Its outcome is kept: who makes the site needs no npm.
editor:
	@npm install --silent --no-save --no-package-lock --prefix build/editor $(shell cat tools/site/editor/packages.txt)
	NODE_PATH=build/editor/node_modules build/editor/node_modules/.bin/esbuild tools/site/editor/editor.mjs --bundle --minify \
	  --format=iife --global-name=lectureEditing --legal-comments=none --target=es2022 \
	  --banner:js="$$(cat tools/site/editor/licence.txt)" --outfile=tools/site/static/editor.min.js

handout: $(READY)
	$(BIN)/python -m tools.site.handout

# The tests of one file stay together: they share a browser, a JupyterLab, a wheel.
WORKERS ?= 2
PYTEST := python -m pytest --quiet --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

test: $(READY)
	@$(BIN)/python -m ruff check --quiet .
	@$(BIN)/python -m ruff format --quiet --check .
	$(BIN)/$(PYTEST) -m "not slow"
	@# the notebooks, strictly: each output as committed; from another folder, because they must not care
	@# and with no exercise solved, whoever runs this
	cd "$$(mktemp -d)" && LECTURE_PROGRESS="$$PWD/progress.json" "$(CURDIR)/$(BIN)"/$(PYTEST) --nbval --nbval-current-env \
	  --nbval-sanitize-with "$(CURDIR)/tests/nbval.cfg" $(NOTEBOOKS:%="$(CURDIR)/%")

test-slow: $(READY)
	$(BIN)/$(PYTEST) -m slow --timeout 1800
	$(BIN)/python -m tools.matrix

test-all: test test-slow

notebooks: $(READY)
	$(BIN)/python -m tools.run_notebooks $(NOTEBOOKS)

recordings: $(READY)
	$(BIN)/python -m tools.make_recordings --only "$(ONLY)"

bench: $(READY)
	MNIST="$(MNIST)" $(BIN)/python -m benchmarks $(ONLY)

screenshots: $(READY)
	$(BIN)/python -m tools.make_screenshots

exercises: $(READY)
	$(BIN)/python -m tools.make_exercises

quizzes: $(READY)
	$(BIN)/python -m tools.quizzes

CASES ?= 10000
SEED ?= 0

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz --cases $(CASES) --seed $(SEED)
	FUZZ_ORDERS=50 FUZZ_MOVES=1000 ELSEWHERE=all $(BIN)/python -m pytest --quiet --timeout 7200 -s tests/test_any_order.py \
	  tests/test_elsewhere.py tests/test_thousand_moves.py tests/browser/test_every_explorer_alone.py
	LITE=all $(BIN)/python -m pytest --quiet --timeout 3600 tests/browser/test_lite.py
	SLIDES=all $(BIN)/python -m pytest --quiet --timeout 1800 tests/browser/test_stage_decks.py tests/browser/test_site.py -k slide

# On Linux: the tests in a room that has no network but the machine's own.
test-offline: $(READY)
	unshare --map-root-user --net sh -c 'ip link set lo up && exec $(MAKE) test'

STUDENTS ?= 20
HUB_PROXY := configurable-http-proxy@5.3.0

# The hub lives in a folder of its own: its students are other users, who must be able to run its Python.
build/hub/.ready: pyproject.toml
	@test -x build/hub/bin/python || "$(PYTHON)" -m venv build/hub
	@echo "Installing JupyterHub and its proxy into build/hub, once."
	@build/hub/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[hub]'
	@npm install --silent --no-save --no-package-lock --prefix build/hub/npm $(HUB_PROXY)
	@touch $@

# nbgrader lives in a folder of its own: it adds itself to every JupyterLab that it is installed beside.
build/nbgrader/.ready: pyproject.toml
	@test -x build/nbgrader/bin/python || "$(PYTHON)" -m venv build/nbgrader
	@echo "Installing nbgrader into build/nbgrader, once."
	@build/nbgrader/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[nbgrader]'
	@touch $@

test-matrix: $(READY)
	$(BIN)/python -m tools.matrix $(ONLY)

hub-test:
	@"$(PYTHON)" -m tools.hub.fit
	@$(MAKE) --silent build/hub/.ready
	build/hub/bin/python -m tools.hub --students $(STUDENTS)

audit: $(READY)
	@test -d build/audit || "$(PYTHON)" -m venv build/audit
	@build/audit/$(SCRIPTS)/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.7,<3'
	build/audit/$(SCRIPTS)/python -m tools.audit $(BIN)/python

lite:
	@test -d build/lite-tools || "$(PYTHON)" -m venv build/lite-tools
	@build/lite-tools/$(SCRIPTS)/python -m pip install --quiet --disable-pip-version-check --editable '.[lite]'
	build/lite-tools/$(SCRIPTS)/python -m tools.lite

clean:
	rm -rf $(VENV) build

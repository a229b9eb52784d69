# `make` lists the targets. Everything runs in .venv, pinned by requirements.lock.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export JUPYTER_PLATFORM_DIRS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Many containers set it: then every process compiles our modules again, and pytest rewrites all the tests.
unexport PYTHONDONTWRITEBYTECODE
# All of them, or one: make release ASSIGNMENT=rich-training
ASSIGNMENT ?= $(notdir $(patsubst %/,%,$(wildcard source/*/)))
# For a small PyTorch without CUDA: make TORCH_INDEX=<the address that pytorch.org/get-started names for "CPU">
TORCH_INDEX ?=
export TORCH_INDEX
# The hub's environments come from a Python that every account can run.
HUB_PYTHON := $(or $(NTK_HUB_PYTHON),$(firstword $(wildcard /usr/bin/python3 /usr/local/bin/python3)),python3)
PORT ?= 8000
# Whom the pages are for: students or instructors.
AUDIENCE ?= students
# Errors are shown; what pip and setuptools remark by the way is not.
INSTALL = PYTHONWARNINGS=ignore $(BIN)/python -m pip install -qq
# Tests of one file share what they have made: they stay on one core.
PYTEST = $(BIN)/python -m pytest -q --dist loadfile --no-loadscope-reorder
# Slow ones wait for limits, locks and browsers as well: of one worker more each core has work.
WORKERS = $$(($$(getconf _NPROCESSORS_ONLN) + 1))
TORCH := $(shell grep -hE '^torch(vision)?==' requirements.lock)

.DEFAULT_GOAL := help
.PHONY: help demo check test notebooks release lint bench audit hub site lock clean sandbox testbed

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/installed: requirements.lock pyproject.toml autograder/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: Python 3.11 or newer is needed: install it, or call make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "make: the venv module is missing: apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv: PyTorch with CUDA is some 3 GB to download and 6 GB on disk (README: the small build) …"
	@$(INSTALL) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@$(INSTALL) -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e . -e autograder
	@$(BIN)/python -c "import matplotlib.pyplot"  # makes the list of fonts, once for everybody
	@touch $@

sandbox: # bubblewrap, in which student code runs
	@command -v bwrap >/dev/null || .ci/apt bubblewrap

testbed: sandbox # what the tests need besides: a browser, a database server, and the whole of Fashion-MNIST
	@command -v chromium >/dev/null || .ci/apt chromium
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || .ci/apt postgresql
	@test -d /usr/share/datasets/fashion-mnist || .ci/apt dataset-fashion-mnist
	@$(HUB_PYTHON) -c "import ensurepip" 2>/dev/null || .ci/apt python3-venv
	@if [ "$$(id -u)" = 0 ]; then $(HUB_PYTHON) -m hub --build; fi  # students are system accounts: only root can test it

demo: .venv/installed sandbox ## a small class, released, submitted, marked and given feedback
	$(BIN)/python -m demo

check: .venv/installed sandbox ## lint, format, types and the quick tests: after every change, in a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST) -n logical -m "not slow"

test: check testbed ## everything: besides those, course tests, attacks, a hub in a browser, nbval over the masters
	$(PYTEST) -n $(WORKERS) -m "slow and not alone" --durations=15
	$(BIN)/python -m pytest -q -m alone --durations=15

notebooks: .venv/installed ## sync the masters with their texts and run them
	$(BIN)/ntk notebooks

release: .venv/installed sandbox ## make the student versions of the assignments
	@for name in $(ASSIGNMENT); do $(BIN)/ntk release $$name || exit; done

lint: .venv/installed # what `make check` begins with
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: .venv/installed sandbox ## the measurements behind the README's figures
	$(BIN)/python -m bench

audit: .venv/installed sandbox ## the hidden tests put to the test, against mutants and chance: ten minutes
	$(BIN)/ntk audit --figure docs/img/trainings.svg --mistakes docs/mistakes.md

hub: sandbox ## a JupyterHub with the course, an instructor and two students; needs root, and cleans up on Ctrl-C
	@$(HUB_PYTHON) -m hub --port $(PORT)

site: .venv/installed ## the course as web pages, in build/site; AUDIENCE=instructors adds docs/ and interfaces
	@$(BIN)/python -m tools.site --audience $(AUDIENCE)

lock: # renew requirements.lock; what torch pins by itself (CUDA libraries) is left out of it
	$(BIN)/pip-compile -q --strip-extras --allow-unsafe --no-emit-options --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --no-header --no-annotate -o - requirements.in 2>/dev/null \
		| grep -vE '^(nvidia-|cuda-|triton|#)' > requirements.tmp
	{ echo "# Made by 'make lock' from requirements.in."; \
	  echo "# CUDA libraries are not listed: torch pins those that its build needs."; \
	  grep -E '==' requirements.tmp; } > requirements.lock
	rm requirements.tmp

clean: ## remove what make made, .venv included
	rm -rf .venv .cache demo/course build *.egg-info autograder/*.egg-info .pytest_cache .ruff_cache .hypothesis

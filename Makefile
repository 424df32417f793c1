# The commands of the project; `make` alone lists them.
#
# They work in .venv, at the versions of requirements.lock, with the Pulumi CLI in the user's cache folder. The first
# command sets both up; later ones reuse them and need no network.

.DEFAULT_GOAL := help
.PHONY: help lab test bench bundle lock pictures site slides set-up tools clean

VENV := .venv
# The tools that the lab is measured against. They need two environments: checkov conflicts with Pulumi, which the
# graders' notebooks use.
CHECKOV_VENV := .venv-bench
GRADERS_VENV := .venv-graders
BIN := $(VENV)/bin

# Tried in this order; the first that is new enough and can create environments is used.
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)

# An environment cannot be moved or copied (its scripts contain its path), so the stamp files contain the path, too.
PLACE := $(shell pwd -P | cksum | cut -d ' ' -f 1)
MADE := $(VENV)/.made-$(PLACE)
CHECKOV_MADE := $(CHECKOV_VENV)/.made-$(PLACE)
GRADERS_MADE := $(GRADERS_VENV)/.made-$(PLACE)
FILLED := $(VENV)/.filled
INSTALLED := $(VENV)/.installed
TOOLS := $(VENV)/.tools

# Without .pyc files a kernel takes four times as long to start. The other variables would put foreign packages before
# ours, or install ours elsewhere.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## list the commands
	@echo "Commands of the lab:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "The first command sets everything up, which takes minutes. To choose a Python: PYTHON=/path/to/python3"

lab: set-up ## open the lab in JupyterLab
	@$(BIN)/lab start

test: tools ## run all checks and tests; ARGS="..." goes to pytest
	@bash tests/run $(ARGS)

# The figures also go to .benchmarks/latest.json and ratios.json, which are not committed.
bench: tools $(CHECKOV_MADE) $(GRADERS_MADE) ## run the benchmarks, also against other tools; ARGS="..." goes to pytest
	@mkdir -p .benchmarks
	@CHECKOV="$(CURDIR)/$(CHECKOV_VENV)/bin/checkov" NBGRADER="$(CURDIR)/$(GRADERS_VENV)/bin/nbgrader" \
	    $(BIN)/python -m pytest benchmarks --benchmark-columns=min,median,max,rounds --benchmark-sort=fullname \
	    --benchmark-json=.benchmarks/latest.json $(ARGS)

lock: $(MADE) ## update the lock files; UPGRADE=1 takes newer versions
	@command -v uv >/dev/null || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@$(call resolve,pyproject.toml --extra install,requirements.lock,pyproject.toml)
	@$(call resolve,pyproject.toml --extra install --extra dev --constraint requirements.lock,requirements-dev.lock,pyproject.toml)
	@echo "checkov>=3.3,<4" | { $(call resolve,-,benchmarks/requirements-checkov.lock,checkov); }
	@{ printf '%s\n' "nbgrader>=0.9,<1" "otter-grader>=7,<8"; grep -oE '^pulumi(-aws)?==[^ ]+' requirements.lock; } | \
	    { $(call resolve,-,benchmarks/requirements-graders.lock,nbgrader and otter-grader); }

bundle: set-up ## one archive for machines without a network; LEARNER=1 omits solutions, FOR="3.12 3.13" names Pythons
	@$(BIN)/python -m tools.bundle $(if $(LEARNER),--learner) $(if $(FOR),--pythons $(FOR))

pictures: tools ## retake the README's pictures; needs chromium
	@$(BIN)/python docs/make_pictures.py

site: tools ## build the documentation as a site, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

slides: tools ## slides, hand-out and questionnaire for a class, in dist/slides/
	@$(BIN)/python -m tools.slides

set-up: $(INSTALLED) ## only set up the Python environment and the Pulumi CLI
	@$(BIN)/python -m lab_support.toolchain

tools: set-up $(TOOLS) ## also set up what contributors need

clean: ## remove environments and caches; keeps notebooks and progress
	rm -rf $(VENV) $(CHECKOV_VENV) $(GRADERS_VENV) .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .benchmarks .screenshots build dist site
	@find lab_support tests exercises benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(MADE):
	@$(call make_environment,$(VENV))
	@touch $@

$(FILLED): $(MADE) requirements.lock
	@echo "Installing the packages in requirements.lock (about a minute)"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

$(INSTALLED): $(FILLED) pyproject.toml
	@echo "Installing the lab itself, from this folder"
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(TOOLS): $(INSTALLED) requirements-dev.lock
	@echo "Installing the contributors' tools in requirements-dev.lock"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

$(CHECKOV_MADE): benchmarks/requirements-checkov.lock
	@$(call make_environment,$(CHECKOV_VENV))
	@$(CHECKOV_VENV)/bin/python -m pip install --require-hashes --requirement $<
	@touch $@

$(GRADERS_MADE): benchmarks/requirements-graders.lock
	@$(call make_environment,$(GRADERS_VENV))
	@$(GRADERS_VENV)/bin/python -m pip install --require-hashes --requirement $<
	@touch $@

# $(call make_environment,FOLDER): creates an empty environment, or says which Pythons were found and why none will do.
define make_environment
found=''; \
for python in $(PYTHONS); do \
    version=$$("$$python" -c 'import platform; print(platform.python_version())' 2>/dev/null) || continue; \
    if ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
        found="$$found\n  $$python is $$version, which is too old"; \
    elif ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
        found="$$found\n  $$python is $$version, but lacks venv (Debian, Ubuntu: apt-get install python$${version%.*}-venv)"; \
    else \
        echo "Making $(1) with Python $$version ($$(command -v "$$python"))"; \
        "$$python" -m venv --clear $(1); \
        exit $$?; \
    fi; \
done; \
printf '%b\n' "The lab needs Python 3.11 or newer with venv. Looked for: $(PYTHONS).$${found:-\n  None of them runs.}" \
    "Install one, or name one that you have: make PYTHON=/path/to/python3.12 ..." >&2; \
exit 1
endef

# $(call resolve,INPUT,LOCK,NAME): makes LOCK from INPUT, for every system and Python, keeping the versions in LOCK.
# The header is ours because uv's contains paths of this machine.
define resolve
new=$$(mktemp) && trap 'rm -f "$$new"' EXIT && \
{ cp $(2) "$$new" 2>/dev/null || true; } && \
PATH="$$PATH:$(CURDIR)/$(BIN)" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) --output-file "$$new" $(1) && \
{ printf '%s\n' '# Made from $(3) by `make lock`: exact versions and hashes for every system. Do not edit.' \
    '# Install with: python -m pip install --require-hashes --requirement $(2)'; cat "$$new"; } > $(2) && \
echo "$(2): $$(grep -c '^[a-z]' $(2)) packages"
endef

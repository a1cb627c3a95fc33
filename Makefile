# Needs Python 3.11 or newer and make, nothing else. Every path is relative, so the folder may have spaces in its name.

ifeq ($(OS),Windows_NT)
python := .venv/Scripts/python
else
python := .venv/bin/python
endif

# For the shell only: make itself would split a name with spaces.
export HERE := $(CURDIR)
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo bench bench-render kill test browser lab voila wheelhouse lint lock simulate fuzz FORCE

help:
	@echo "make demo   run both bundled studies: reports/contoh/index.html and reports/bengkalis/index.html"
	@echo "make test   run the whole test suite"
	@echo "make browser   try the pages, the panel and the notebooks in Chromium"
	@echo "make lab    open the notebooks in JupyterLab, beginning with the panel of 00_mulai"
	@echo "make voila  show only the panel of 00_mulai, as a page without code"
	@echo "make wheelhouse   collect all packages for an installation without internet (ARGS=\"--platform win_amd64\")"
	@echo "make lint   check the style of the code"
	@echo "make simulate   measure coverage and levels again and renew docs/SIMULASI.md (half an hour)"
	@echo "make fuzz   damage files at random and read them, for two minutes (ARGS=\"--seconds 600\" for longer)"
	@echo "make bench   measure ways to run the notebook of an RT and renew docs/KINERJA.md (ARGS=\"--rts 40\" for more)"
	@echo "make bench-render   measure our Word, PDF and HTML beside nbconvert and LibreOffice, and renew docs/KINERJA.md (ARGS=\"--copies 20\" for less)"
	@echo "make kill   kill processes of a run at random and look at what is left (ARGS=\"--kills 20\" for fewer)"
	@echo "make lock   renew requirements.lock from pyproject.toml (needs uv)"

demo: .venv/package
	@$(python) -m baksos_eval run data/contoh
	@$(python) -m baksos_eval run data/bengkalis

test: .venv/package
	$(python) -m pytest --numprocesses auto --dist loadscope --no-loadscope-reorder $(ARGS)

browser: .venv/package
	$(python) -m pytest -m browser -rs $(ARGS)

# JupyterLab asks for news, updates and extensions on the network unless its settings say otherwise.
offline := --LabApp.app_settings_dir=baksos_eval/start/jupyterlab --LabApp.extension_manager=readonly

lab: .venv/package
	$(python) -m jupyterlab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks/00_mulai.ipynb $(offline)

voila: .venv/package
	$(python) -m voila notebooks/00_mulai.ipynb --Voila.config_file_paths=baksos_eval/start/jupyterlab

wheelhouse: .venv/package
	$(python) -m baksos_eval wheelhouse $(ARGS)

lint: .venv/package
	$(python) -m ruff check .

fuzz: .venv/package
	$(python) tools/fuzz_readers.py $(ARGS)

simulate: .venv/package
	$(python) tools/simulate.py $(ARGS)

bench: .venv/package
	$(python) bench/batch.py $(ARGS)

bench-render: .venv/package
	$(python) bench/render.py $(ARGS)

kill: .venv/package
	$(python) tools/kill_campaign.py $(ARGS)

lock:
	@command -v uv > /dev/null || { echo "make lock needs uv: python3 -m pip install uv"; exit 1; }
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --upgrade --extra test --output-file requirements.lock pyproject.toml

# A virtual environment is of no use when the Python it was made with is gone.
ifneq ($(shell $(python) -c 'import sys; print(sys.version_info >= (3, 11))' 2> /dev/null),True)
.venv/created: FORCE
endif
.venv/created:
	@for candidate in "$$PYTHON" python3 python python3.14 python3.13 python3.12 python3.11 py; do \
	  if [ -n "$$candidate" ] && "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then \
	    echo "Creating .venv with $$("$$candidate" --version)"; \
	    "$$candidate" -m venv --clear .venv && echo "$$candidate" > $@; exit $$?; \
	  fi; \
	done; \
	echo "Python 3.11 atau lebih baru tidak ditemukan; pasang dari python.org, atau sebutkan: make PYTHON=/lokasi/python3.12" >&2; \
	echo "Python 3.11 or newer was not found; install it from python.org, or name it: make PYTHON=/path/to/python3.12" >&2; \
	exit 1

.venv/locked: .venv/created requirements.lock
	@echo "Installing the locked packages into .venv (a few minutes the first time)"
	@$(python) -m pip install --quiet --no-input --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@cp requirements.lock $@

# An editable install remembers the folder: install again when it has moved.
ifneq ($(shell cat .venv/package 2> /dev/null),$(CURDIR))
.venv/package: FORCE
endif
.venv/package: .venv/locked pyproject.toml
	@$(python) -m pip install --quiet --no-input --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@printf '%s\n' "$$HERE" > $@

"""The two files that start a study by a double click: ``mulai.bat`` for Windows, ``mulai.sh`` for macOS and Linux.

The Python that made the study is used where it still works. Otherwise an environment is made once per version in the user's own application folder, not beside the study: a study in OneDrive
would otherwise upload thousands of files, and its long path would leave too little room for theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from baksos_eval import __version__
from baksos_eval.report.text import Catalogue

TOOLS = "perangkat"
"""The folder in a study with the lock and our wheel."""

WHEELHOUSE = "wheelhouse"
PYTHON_OF_WHEELHOUSE = "python.txt"
"""The file in a wheelhouse that names the versions of Python it was made for, the first one preferred."""

MAKER = "python.txt"
"""The file in it that names the Python which made the study: where that one still works, nothing needs to be installed."""

SETTINGS = "overrides.json"
"""JupyterLab's settings: nothing is asked of the network."""

_WINDOWS = r"""@echo off
setlocal
chcp 65001 > nul
title baksos-eval
pushd "%~dp0"
set "PYTHONUTF8=1"
set "PYTHONNOUSERSITE=1"
set "venv=%BAKSOS_VENV%"
if not defined venv set "venv=%LOCALAPPDATA%\baksos-eval\<<version>>"
set "python=%venv%\Scripts\python.exe"
set "maker="
if exist "<<tools>>\<<maker>>" set /p maker=<"<<tools>>\<<maker>>"
if not defined maker goto own_environment
if not exist "%maker%" goto own_environment
"%maker%" -c "import baksos_eval, jupyterlab" > nul 2> nul
if not "%errorlevel%"=="0" goto own_environment
set "python=%maker%"
goto open
:own_environment
if not exist "%venv%\ready.txt" goto find
if exist "%python%" goto open
:find
set "found="
set "wanted="
if exist "<<wheelhouse>>\<<wheelhouse_python>>" set /p wanted=<"<<wheelhouse>>\<<wheelhouse_python>>"
if defined wanted call :try py -%wanted%
call :try py -3.13
call :try py -3.12
call :try py -3.11
call :try py -3
call :try python
call :try python3
if not defined found goto no_python
echo <<creating>>
%found% -m venv --clear "%venv%"
if not "%errorlevel%"=="0" goto failed_venv
if exist "<<wheelhouse>>\" goto offline
echo <<online>>
"%python%" -m pip install --quiet --no-input --disable-pip-version-check --require-hashes --only-binary :all: -r "<<tools>>\<<lock>>"
if not "%errorlevel%"=="0" goto failed_online
goto own
:offline
echo <<offline>>
"%python%" -m pip install --quiet --no-input --disable-pip-version-check --require-hashes --only-binary :all: --no-index --find-links "<<wheelhouse>>" -r "<<tools>>\<<lock>>"
if not "%errorlevel%"=="0" goto failed_offline
:own
"%python%" -m pip install --quiet --no-input --disable-pip-version-check --no-index --no-deps "<<tools>>\<<wheel>>"
if not "%errorlevel%"=="0" goto failed_venv
>"%venv%\ready.txt" echo <<version>>
:open
echo <<opening>>
for %%i in ("%python%") do set "PATH=%%~dpi;%PATH%"
"%python%" -m jupyterlab --notebook-dir=. --LabApp.default_url=/lab/tree/<<first>> --LabApp.app_settings_dir=<<tools>> --LabApp.extension_manager=readonly %*
popd
exit /b 0
:try
if defined found exit /b 0
%* -c "import sys; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12), (3, 13), (3, 14)])" > nul 2> nul
if "%errorlevel%"=="0" set "found=%*"
exit /b 0
:no_python
echo <<no_python>>
goto end
:failed_venv
echo <<failed_venv>>
goto end
:failed_online
echo <<failed_online>>
goto end
:failed_offline
echo <<failed_offline>>
:end
popd
pause
exit /b 1
"""

_POSIX = r"""#!/bin/sh
set -u
cd "$(dirname "$0")" || exit 1
export PYTHONUTF8=1 PYTHONNOUSERSITE=1
venv="${BAKSOS_VENV:-${XDG_DATA_HOME:-$HOME/.local/share}/baksos-eval/<<version>>}"
python="$venv/bin/python"
maker=
if [ -f "<<tools>>/<<maker>>" ]; then read -r maker < "<<tools>>/<<maker>>"; fi

stop() {
  echo "$1" >&2
  exit 1
}

find_python() {
  wanted=
  if [ -f "<<wheelhouse>>/<<wheelhouse_python>>" ]; then read -r wanted < "<<wheelhouse>>/<<wheelhouse_python>>"; fi
  for candidate in ${wanted:+"python$wanted"} python3.13 python3.12 python3.11 python3 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12), (3, 13), (3, 14)])' > /dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
}

install() {
  "$python" -m pip install --quiet --no-input --disable-pip-version-check "$@"
}

if [ -n "$maker" ] && "$maker" -c 'import baksos_eval, jupyterlab' > /dev/null 2>&1; then
  python="$maker"
elif [ ! -f "$venv/ready.txt" ] || [ ! -x "$python" ]; then
  found=$(find_python)
  [ -n "$found" ] || stop <<no_python>>
  echo <<creating>>
  "$found" -m venv --clear "$venv" || stop <<failed_venv>>
  if [ -d "<<wheelhouse>>" ]; then
    echo <<offline>>
    install --require-hashes --only-binary :all: --no-index --find-links "<<wheelhouse>>" -r "<<tools>>/<<lock>>" || stop <<failed_offline>>
  else
    echo <<online>>
    install --require-hashes --only-binary :all: -r "<<tools>>/<<lock>>" || stop <<failed_online>>
  fi
  install --no-index --no-deps "<<tools>>/<<wheel>>" || stop <<failed_venv>>
  echo <<version>> > "$venv/ready.txt"
fi
echo <<opening>>
PATH="$(dirname "$python"):$PATH"
export PATH
exec "$python" -m jupyterlab --notebook-dir=. --LabApp.default_url=/lab/tree/<<first>> --LabApp.app_settings_dir=<<tools>> --LabApp.extension_manager=readonly "$@"
"""

_SENTENCES = ("no_python", "creating", "offline", "online", "failed_offline", "failed_online", "failed_venv", "opening")


def windows_launcher(first: str, lock: str, wheel: str, catalogue: Catalogue) -> bytes:
    """The bytes of ``mulai.bat``; ``first`` is the notebook to open, ``lock`` and ``wheel`` are files in :data:`TOOLS`."""
    sentences = {name: _for_cmd(catalogue.text(f"launch.{name}")) for name in _SENTENCES}
    return _filled(_WINDOWS, _names(first, lock, wheel) | sentences).replace("\n", "\r\n").encode("utf-8")


def posix_launcher(first: str, lock: str, wheel: str, catalogue: Catalogue) -> bytes:
    """The bytes of ``mulai.sh``."""
    import shlex

    sentences = {name: shlex.quote(catalogue.text(f"launch.{name}")) for name in _SENTENCES}
    return _filled(_POSIX, _names(first, lock, wheel) | sentences).encode("utf-8")


def _names(first: str, lock: str, wheel: str) -> dict[str, str]:
    return {"version": __version__, "first": first, "tools": TOOLS, "maker": MAKER, "lock": lock, "wheel": wheel, "wheelhouse": WHEELHOUSE,
            "wheelhouse_python": PYTHON_OF_WHEELHOUSE}


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"<<(\w+)>>", lambda found: values[found[1]], template)


def _for_cmd(text: str) -> str:
    """A text that ``echo`` prints as it is: what means something to cmd is escaped."""
    return re.sub(r"([&|<>^()])", r"^\1", text).replace("%", "%%")
